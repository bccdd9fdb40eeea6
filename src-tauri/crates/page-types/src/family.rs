use std::net::IpAddr;

use crate::mirrored::mirrored;

mirrored! {
    /// As [`public_address::Family`].
    #[serde(rename_all = "camelCase")]
    Family = public_address::Family { V4, V6 }
}

impl Family {
    pub(crate) fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }
}
