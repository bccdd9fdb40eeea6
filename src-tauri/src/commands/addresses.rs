use std::time::Duration;

use desk::addresses;
use page_types::{AppError, Destination, Detected, Family, HostLookup, OwnNetwork, ServerCommand, Shell};
use public_address::{LocalNetwork, lookup, server_commands as commands_for};
use tauri::State;

use crate::app::App;

/// Asks the sources which addresses the world sees. Nobody is asked before the person clicks. `null` if it was stopped.
#[tauri::command]
pub(super) async fn detect_addresses(
    app: State<'_, App>,
    destination: Destination,
) -> Result<Option<Detected>, AppError> {
    // All of it can be stopped, what it waits for before anybody is asked too.
    let finding = async {
        let sources = app.address_sources().await.into();
        // An address is found without the database as well.
        let practice = app.desk().await.ok().map(|desk| desk.practice());
        addresses::find(destination.into(), sources, practice).await
    };
    Ok(app.detecting.run(finding).await.map(Into::into))
}

/// Ends what [`detect_addresses`] began, connections and all.
#[tauri::command]
pub(super) async fn stop_detecting(app: State<'_, App>) -> Result<(), AppError> {
    app.detecting.stop();
    Ok(())
}

/// What this computer calls itself; nobody is asked.
#[tauri::command]
pub(super) async fn own_network() -> Result<OwnNetwork, AppError> {
    let read = tauri::async_runtime::spawn_blocking(LocalNetwork::read).await;
    Ok(OwnNetwork::new(&read.unwrap_or_default()))
}

/// What to paste on a server, so that it tells its own address.
#[tauri::command]
pub(super) async fn server_commands(app: State<'_, App>) -> Result<Vec<ServerCommand>, AppError> {
    Ok(commands_for(app.address_sources().await.as_slice()).into_iter().map(Into::into).collect())
}

/// Copies one of the [`server_commands`].
#[tauri::command]
pub(super) async fn copy_server_command(app: State<'_, App>, shell: Shell, family: Family) -> Result<(), AppError> {
    let commands = commands_for(app.address_sources().await.as_slice());
    let wanted = commands.iter().find(|command| command.shell == shell.into() && command.family == family.into());
    Ok(wanted.map_or(Ok(()), |command| app.copy(&command.line))?)
}

/// Finds the addresses of a server by its name.
#[tauri::command]
pub(super) async fn lookup_host(host: String, destination: Destination) -> Result<HostLookup, AppError> {
    const DEADLINE: Duration = Duration::from_secs(5);

    let policy = desk::Destination::from(destination).policy();
    Ok(HostLookup::new(lookup(&host, DEADLINE).await, &policy))
}
