//! One description of a variable on top of another: what the upper one says holds, field by field.

use super::model::{At, Variable};

impl Variable {
    /// Puts what `upper` says over what is said here.
    pub(super) fn overlay(&mut self, upper: &Self) {
        let Self {
            name: _,
            at,
            kind,
            of,
            separator,
            constant,
            choices,
            prefix,
            suffix,
            pattern,
            min,
            max,
            min_length,
            max_length,
            schemes,
            hosts,
            required,
            default,
            deprecated,
            visibility,
            provided_by,
            secret,
            differs_between,
            rotation,
            owner,
            description,
        } = self;
        *at = upper.at;
        put(kind, &upper.kind);
        put(of, &upper.of);
        put(separator, &upper.separator);
        put(constant, &upper.constant);
        put(choices, &upper.choices);
        put(prefix, &upper.prefix);
        put(suffix, &upper.suffix);
        put(pattern, &upper.pattern);
        put(min, &upper.min);
        put(max, &upper.max);
        put(min_length, &upper.min_length);
        put(max_length, &upper.max_length);
        put(schemes, &upper.schemes);
        put(hosts, &upper.hosts);
        put(required, &upper.required);
        put(default, &upper.default);
        put(deprecated, &upper.deprecated);
        put(visibility, &upper.visibility);
        put(provided_by, &upper.provided_by);
        put(secret, &upper.secret);
        put(differs_between, &upper.differs_between);
        put(rotation, &upper.rotation);
        put(owner, &upper.owner);
        put(description, &upper.description);
    }
}

fn put<T: Clone>(lower: &mut Option<At<T>>, upper: &Option<At<T>>) {
    if let Some(said) = upper {
        *lower = Some(said.clone());
    }
}
