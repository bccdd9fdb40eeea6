//! JSON without surprises: duplicate names, deep nesting and invalid UTF-8 are refused, since two
//! readers of one such text may see different things (RFC 8259 sections 4 and 8.1, RFC 8785).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// No body of this service nests deeper than an object with an array in it.
const MAX_DEPTH: usize = 8;

/// Why a text is not taken, in words for a person who writes a client.
pub(crate) fn parse(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|_| "not valid UTF-8".to_owned())?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict { depth_left: MAX_DEPTH }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom("the same name twice in one object"));
            }
            let value = entries.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ordinary_json_is_read_as_always() {
        let text = r#" {"a": [1, -2, 0.5, true, null, "x\u00e9"], "b": {}} "#;
        let expected = json!({"a": [1, -2, 0.5, true, null, "xé"], "b": {}});
        assert_eq!(parse(text.as_bytes()), Ok(expected));
    }

    #[test]
    fn surprises_are_refused() {
        let deep = "[".repeat(9) + &"]".repeat(9);
        let very_deep = "[".repeat(60_000);
        for (text, says) in [
            (&br#"{"a": 1, "a": 2}"#[..], "twice"),
            (br#"{"a": 1, "\u0061": 2}"#, "twice"),
            (br#"[{"b": {"a": 1, "a": 1}}]"#, "twice"),
            (deep.as_bytes(), "deeply"),
            (very_deep.as_bytes(), "deeply"),
            (b"\"\xff\"", "UTF-8"),
            (b"\"\xc0\xaf\"", "UTF-8"),
            (br#""\ud800""#, "hex escape"),
            (b"\xef\xbb\xbf{}", "expected value"),
            (b"{} {}", "trailing"),
            (b"", "EOF"),
            (b"1e999", "out of range"),
            (b"NaN", "expected"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn nesting_is_taken_up_to_the_limit() {
        let deepest = "[".repeat(8) + &"]".repeat(8);
        assert!(parse(deepest.as_bytes()).is_ok());
    }
}
