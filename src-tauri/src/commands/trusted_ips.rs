use page_types::{AppError, Destination, ListEdit, NetworkSteps};

/// The text of the list after a change that the person made.
#[tauri::command]
pub(super) async fn edit_trusted_ips(
    text: String,
    destination: Destination,
    edit: ListEdit,
) -> Result<String, AppError> {
    Ok(trusted_ips::edited(&text, &policy(destination), &edit.into()))
}

/// The networks around an address, for the slider.
#[tauri::command]
pub(super) async fn network_steps(address: String, destination: Destination) -> Result<NetworkSteps, AppError> {
    Ok(NetworkSteps::new(&address, &policy(destination)))
}

fn policy(destination: Destination) -> trusted_ips::Policy {
    desk::Destination::from(destination).policy()
}
