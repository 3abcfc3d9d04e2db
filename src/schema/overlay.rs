//! One description of a variable on top of another: what the upper one says holds, field by field.

use super::model::Variable;

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
        put(kind, upper.kind.as_ref());
        put(of, upper.of.as_ref());
        put(separator, upper.separator.as_ref());
        put(constant, upper.constant.as_ref());
        put(choices, upper.choices.as_ref());
        put(prefix, upper.prefix.as_ref());
        put(suffix, upper.suffix.as_ref());
        put(pattern, upper.pattern.as_ref());
        put(min, upper.min.as_ref());
        put(max, upper.max.as_ref());
        put(min_length, upper.min_length.as_ref());
        put(max_length, upper.max_length.as_ref());
        put(schemes, upper.schemes.as_ref());
        put(hosts, upper.hosts.as_ref());
        put(required, upper.required.as_ref());
        put(default, upper.default.as_ref());
        put(deprecated, upper.deprecated.as_ref());
        put(visibility, upper.visibility.as_ref());
        put(provided_by, upper.provided_by.as_ref());
        put(secret, upper.secret.as_ref());
        put(differs_between, upper.differs_between.as_ref());
        put(rotation, upper.rotation.as_ref());
        put(owner, upper.owner.as_ref());
        put(description, upper.description.as_ref());
    }
}

fn put<T: Clone>(lower: &mut Option<T>, upper: Option<&T>) {
    if let Some(said) = upper {
        *lower = Some(said.clone());
    }
}
