use std::collections::BTreeMap;
use std::path::Path;

use crate::error::code::Code;
use crate::error::field::Field;

/// All that is told of an error: the interface has the words.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) code: Code,
    /// The form field that it concerns.
    pub(crate) field: Option<Field>,
    /// Values for the message; never a secret.
    pub(crate) params: BTreeMap<String, String>,
    /// Seconds after which trying again may succeed, where they are known.
    pub(crate) retry: Option<u64>,
}

impl Facts {
    pub(crate) fn of(code: Code) -> Self {
        Self { code, field: None, params: BTreeMap::new(), retry: None }
    }

    pub(crate) fn field(self, field: Field) -> Self {
        Self { field: Some(field), ..self }
    }

    pub(crate) fn param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn path(self, path: &Path) -> Self {
        self.param("path", path.display().to_string())
    }
}
