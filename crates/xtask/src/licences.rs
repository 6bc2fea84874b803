//! The licences of all dependencies, against the list in `deny.toml`.

use std::fs;

use serde_json::Value;

use crate::failure::Failure;
use crate::spdx;
use crate::step::announce;
use crate::workspace::Workspace;

/// Refuses a dependency whose licence is not allowed, naming each.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    announce("licences: every dependency against deny.toml");
    let allowed = allowed(workspace)?;
    let metadata = workspace.metadata()?;
    let packages = metadata["packages"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if packages.is_empty() {
        return Err(Failure::new("cargo metadata lists no packages"));
    }
    let refused: Vec<String> = packages
        .iter()
        .filter_map(|package| refusal(package, &allowed))
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "licences that deny.toml does not allow; replace the dependency, or allow the licence there with care:\n  {}",
            refused.join("\n  ")
        )))
    }
}

fn allowed(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(workspace.path("deny.toml"))
        .map_err(|error| Failure::new(format!("deny.toml cannot be read: {error}")))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| Failure::new(format!("deny.toml: {error}")))?;
    table
        .get("licenses")
        .and_then(|licences| licences.get("allow"))
        .and_then(toml::Value::as_array)
        .map(|names| {
            names
                .iter()
                .filter_map(toml::Value::as_str)
                .map(str::to_owned)
                .collect()
        })
        .ok_or_else(|| Failure::new("deny.toml has no list `allow` under [licenses]"))
}

/// Why a package is refused.
fn refusal(package: &Value, allowed: &[String]) -> Option<String> {
    let name = package["name"].as_str().unwrap_or("?");
    let version = package["version"].as_str().unwrap_or("?");
    match package["license"].as_str() {
        None => Some(format!("{name} {version} states no licence")),
        Some(stated) => match spdx::is_allowed(stated, allowed) {
            Ok(true) => None,
            Ok(false) => Some(format!("{name} {version}: {stated}")),
            Err(unreadable) => Some(format!("{name} {version}: `{stated}` {unreadable}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(package: &Value, expected: Option<&str>) {
        let allowed = ["MIT".to_owned()];
        assert_eq!(refusal(package, &allowed).as_deref(), expected);
    }

    #[test]
    fn a_package_is_refused_by_name() {
        let package =
            |licence: Value| json!({ "name": "thing", "version": "1.0.0", "license": licence });
        check(&package(json!("MIT OR GPL-3.0")), None);
        check(&package(json!("GPL-3.0")), Some("thing 1.0.0: GPL-3.0"));
        check(&package(json!(null)), Some("thing 1.0.0 states no licence"));
        check(
            &package(json!("MIT OR")),
            Some("thing 1.0.0: `MIT OR` ends where a licence was expected"),
        );
    }
}
