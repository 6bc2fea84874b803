//! What a broken mapping is told, word for word.

use redress_interchange::Mapping;

use crate::files::MAPPING;

/// The mapping of the small files with one text replaced.
#[track_caller]
fn check(good: &str, bad: &str, message: &str) {
    assert!(MAPPING.contains(good), "{good}");
    let error = Mapping::parse(&MAPPING.replacen(good, bad, 1), "desk.toml").unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn the_shipped_mappings_are_good() {
    for name in Mapping::shipped_names() {
        assert_eq!(Mapping::shipped(name).unwrap().name(), name);
    }
    assert_eq!(
        Mapping::shipped("nowhere").unwrap_err().to_string(),
        "\"nowhere\": is no shipped mapping; there are: boston-311, cfpb, nyc-311, uci-incidents"
    );
}

#[test]
fn keys_that_are_unknown_or_missing() {
    check(
        "key = \"id\"",
        "kee = \"id\"",
        "desk.toml:12:1: at `kee`: unknown field `kee`, expected one of `key`, `rows`, `order`",
    );
    check(
        "[recorded]",
        "[recorder]",
        "desk.toml:37:2: at `[recorder]`: unknown field `recorder`, expected one of `name`, `source`, `file`, `columns`, `case`, `received`, `update`, `classified`, `assigned`, `states`, `ended`, `resolved`, `recorded`",
    );
    check(
        "key = \"id\"\n",
        "",
        "desk.toml:11:1: at `[case]`: missing field `key`",
    );
    check(
        "name = \"desk\"\n",
        "",
        "desk.toml:1:1: missing field `name`",
    );
}

#[test]
fn values_that_are_not_allowed() {
    check(
        "\"desk\"",
        "\"Help desk\"",
        "desk.toml:2:8: at `name`: a name is 1 to 40 small letters, digits and hyphens",
    );
    check(
        "\"Europe/Berlin\"",
        "\"Europe/Bonn\"",
        "desk.toml:10:8: at `zone`: is no IANA time zone, such as \"Asia/Shanghai\" or \"UTC\"",
    );
    check(
        "%H:%M:%S",
        "%H",
        "desk.toml:9:15: at `time_format`: \"%Y-%m-%d %H\" is no format of a whole date, with hour and minute or alone, such as \"%d/%m/%Y %H:%M\"",
    );
    check(
        "\"%Y-%m-%d %H:%M:%S\"",
        "[\"%Y-%m-%d %H:%M:%S\", \"%Q\"]",
        "desk.toml:9:15: at `time_format`: \"%Q\" is no format of a whole date, with hour and minute or alone, such as \"%d/%m/%Y %H:%M\"",
    );
    check(
        "\"%Y-%m-%d %H:%M:%S\"",
        "[]",
        "desk.toml:9:15: at `time_format`: the list of formats is empty",
    );
    check(
        "\"%Y-%m-%d %H:%M:%S\"",
        "7",
        "desk.toml:9:15: at `time_format`: a format between quotation marks, or a list of them",
    );
    check(
        "[file]",
        "[file]\nencoding = \"gb-18030\"",
        "desk.toml:8:12: at `encoding`: is no encoding, such as \"utf-8\", \"gb18030\" or \"windows-1252\"",
    );
    check(
        "[file]",
        "[file]\ndelimiter = \"::\"",
        "desk.toml:8:13: at `delimiter`: a delimiter is one ASCII character",
    );
    check(
        "[file]",
        "[file]\ndelimiter = '\"'",
        "desk.toml:8:13: at `delimiter`: quotation marks and line ends cannot be a delimiter",
    );
    check(
        "\"updates\"",
        "\"columns\"",
        "desk.toml:13:8: at `rows`: unknown variant `columns`, expected `updates` or `cases`",
    );
    check(
        "[\"?\"]",
        "[\"\"]",
        "desk.toml:8:11: at `missing`: the empty cell is always missing; leave it out",
    );
    check(
        "\"category\"]",
        "\" \"]",
        "desk.toml:26:12: at `category`: the name of the column is empty",
    );
    check(
        "\"front\"",
        "\" front\"",
        "desk.toml:17:21: at `intake_department`: starts or ends with white space",
    );
    check(
        "\"Phone\" =",
        "\"Phone  call\" =",
        "desk.toml:20:40: at `channel`: write the value with single blanks, and none at its ends",
    );
    check(
        "\"phone_hotline\"",
        "\"pigeon\"",
        "desk.toml:20:50: at `channel`: unknown variant `pigeon`, expected one of `phone_hotline`, `email`, `online_service`, `social_media`, `mobile_app`, `website`, `front_desk`, `self_service`, `third_party`, `sms`, `post`",
    );
    check(
        "\"awaiting_customer\"",
        "\"lunch\"",
        "desk.toml:34:47: at `values`: unknown variant `lunch`, expected one of `awaiting_customer`, `awaiting_third_party`, `appraisal`, `legal`, `force_majeure`",
    );
}

#[test]
fn columns_that_cannot_be_said_so() {
    let columns = |line: &str| format!("[columns]\n{line}\n[case]");
    check(
        "[case]",
        &columns("\"Id\" = { also = [\"ID\"] }"),
        "desk.toml:12:8: at `\"Id\"`: no other table of the mapping reads this column",
    );
    for required in ["id", "opened", "at", "state", "category", "via", "impact"] {
        check(
            "[case]",
            &columns(&format!("\"{required}\" = {{ optional = true }}")),
            &format!(
                "desk.toml:12:{}: at `\"{required}\"`: this column cannot be optional: rows cannot be read without it",
                required.len() + 6,
            ),
        );
    }
    for optional in [
        "taken by", "customer", "by", "group", "person", "code", "in time",
    ] {
        let text = columns(&format!("\"{optional}\" = {{ optional = true }}"));
        let text = MAPPING.replacen("[case]", &text, 1);
        assert!(Mapping::parse(&text, "desk.toml").is_ok(), "{optional}");
    }
}

#[test]
fn text_that_is_no_toml() {
    let error = Mapping::parse("name = \"desk\nrest", "desk.toml").unwrap_err();
    assert_eq!(
        (error.line(), error.column(), error.key()),
        (Some(2), Some(5), Some("rest"))
    );
}
