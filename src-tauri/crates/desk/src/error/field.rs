/// A field of the creation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The 2FA code.
    Code,
    /// Where the token is made.
    Destination,
    /// The RSA pair.
    Key,
    /// The token's name.
    Name,
    /// The six switches.
    Permissions,
    /// The list of trusted IPs.
    TrustedIps,
    /// System generated or Self generated.
    Type,
}
