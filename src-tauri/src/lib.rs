//! The desktop shell of Token Desk: the only place that knows Tauri.
//!
//! It opens the one window, holds what lives as long as the app ([`app::App`]) and answers the page's commands.
//! Top to bottom: `commands`, `app`, `state` and `system`.

mod app;
mod commands;
mod state;
mod system;

use std::process::ExitCode;

use tauri::{Manager, RunEvent, WindowEvent};

use crate::app::App;
use crate::system::{panics, trace, window};

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    trace::start();
    panics::hide_texts();
    if let Err(error) = private_files::core_dumps::switch_off() {
        eprintln!("Token Desk: core dumps stay on: {error}");
    }
    let built = tauri::Builder::default()
        .invoke_handler(commands::handler())
        .setup(|app| {
            window::defer_to_first(app.handle());
            let data = app::data_dir(app.handle())?;
            app.manage(App::new(data.clone()));
            window::open(app.handle(), &data)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| {
                let Some(state) = app.try_state::<App>() else { return };
                match event {
                    RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. }
                        if state.keeps_window() =>
                    {
                        api.prevent_close();
                    }
                    RunEvent::Exit => tauri::async_runtime::block_on(state.close()),
                    _ => {}
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Token Desk cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}
