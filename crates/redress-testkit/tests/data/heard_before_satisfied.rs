#[test]
fn heard_before_satisfied_is_kept() -> Result<(), Box<dyn std::error::Error>> {
    let process = super::process();
    let rules = redress_rules::parse("rule heard_before_satisfied \"客户表示满意后方可按满意归档，重启后须重新确认。No complaint, reopened or not, is closed as satisfied before the customer said so.\":\n  ((precedence(revisited[result is satisfied], closed[reason is satisfied]) or precedence(feedback[verdict is satisfied], closed[reason is satisfied])) or precedence(feedback[verdict is accepted], closed[reason is satisfied])) anew at reopened\n", "heard_before_satisfied")?;
    Scenario::under(&process)
        .given([Move { by: 0, wish: Wish::Receive }])?
        .when(Move { by: 0, wish: Wish::Close(End::Satisfied) })
        .then_keeps(&rules[0])?;
    Ok(())
}
