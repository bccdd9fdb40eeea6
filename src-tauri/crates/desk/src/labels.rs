use vault::ItemKind;

/// What a person reads of our items who opens the keyring with another program. `{name}` stands for the token's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels {
    /// The private key or secret of a token.
    pub secret: &'static str,
    /// The key to the service's stored answer, while the token is being made.
    pub being_made: &'static str,
    /// What else is known of a token.
    pub record: &'static str,
    /// The key that opens what the practice service stores.
    pub practice: &'static str,
}

impl Labels {
    /// Of what is kept for a token of this name.
    pub(crate) fn of_token(&self, kind: ItemKind, name: &str) -> String {
        let words = match kind {
            ItemKind::HmacSecret | ItemKind::PrivateKey => self.secret,
            ItemKind::IdempotencyKey => self.being_made,
            ItemKind::TokenRecord => self.record,
            ItemKind::PracticeStateKey => self.practice,
        };
        words.replace("{name}", name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_called_by_its_own_words_and_the_tokens_name() {
        let labels = Labels { secret: "S {name}", being_made: "B {name}", record: "R {name}", practice: "P" };
        let called = [ItemKind::PrivateKey, ItemKind::HmacSecret, ItemKind::IdempotencyKey, ItemKind::TokenRecord]
            .map(|kind| labels.of_token(kind, "Home {name} bot"));
        assert_eq!(called, ["S Home {name} bot", "S Home {name} bot", "B Home {name} bot", "R Home {name} bot"]);
    }
}
