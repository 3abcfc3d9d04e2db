//! The variables of a process against the schema, as at the start of an application.

use super::CHECK;
use crate::finding::Finding;
use crate::finding::code::{self, Code};
use crate::schema::{self, Breach, Read};

/// What is missing and what is wrong. Variables that the schema does not know belong to others.
pub(crate) fn judge(
    read: &Read,
    environment: Option<&str>,
    variables: &[(String, String)],
) -> Vec<Finding> {
    let effective = read.schema.for_environment(environment);
    let known = variables
        .iter()
        .filter(|(name, _)| effective.get(name).is_some());
    let mut given = known.map(|(name, value)| (name.as_str(), value.as_str()));
    let broken = schema::judge(&effective, &mut given);
    let told = broken
        .iter()
        .filter(|broken| broken.breach != Breach::Unknown);
    told.map(|broken| {
        let code = Code::by_id(broken.breach.code());
        let message = format!("`{}` {}", broken.key, broken.what);
        let help = match broken.rule {
            Some(rule) => {
                let line = read.source.position(rule.range().start).line;
                format!("{} ({}:{line})", broken.help, read.source.name())
            }
            None => broken.help.clone(),
        };
        let mut finding = Finding::new(CHECK, *code.unwrap_or(&code::ENV_TYPE), message, help);
        finding.severity = broken.breach.severity();
        finding
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_judged_by_what_the_schema_knows() {
        let text = "variables: { PORT: { type: port, required: true }, KEY: { required: [production] } }\nenvironments: { production: {} }\n";
        let read = schema::read("schemas/env.yaml", text.as_bytes()).unwrap();
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let codes = |environment, variables: &[(String, String)]| -> Vec<&str> {
            let found = judge(&read, environment, variables);
            assert!(found.iter().all(|finding| finding.place.is_none()));
            found.iter().map(|finding| finding.code.id).collect()
        };
        let home = variable("HOME", "/root");
        assert_eq!(
            codes(None, &[home.clone(), variable("PORT", "80")]),
            Vec::<&str>::new()
        );
        assert_eq!(codes(None, &[home, variable("PORT", "many")]), ["ENV-TYPE"]);
        assert_eq!(
            codes(Some("production"), &[]),
            ["ENV-MISSING", "ENV-MISSING"]
        );
    }
}
