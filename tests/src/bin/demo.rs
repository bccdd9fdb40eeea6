//! Makes a practice token in the real window by itself, says each step, and calls the practice service with it through py3cw.

use std::{env, process::ExitCode};

use token_desk_tests::{
    Result,
    journey::{Observer, TokenType, create_token},
    py3cw::{Signature, call},
    session::{PrivateSession, Screen},
    window::{Window, wanted_pictures},
};

#[tokio::main]
async fn main() -> ExitCode {
    match demo().await {
        Ok(200) => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("The practice service answered {status} instead of 200.");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn demo() -> Result<u16> {
    let screen = if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|variable| env::var_os(variable).is_some()) {
        Screen::Shared
    } else {
        println!("There is no display: the window opens on a virtual one; look at the pictures.");
        Screen::Virtual
    };
    let session = PrivateSession::start(screen)?;
    let mut window = Window::open(&session).await?;
    let service = window.practice_url()?;
    println!("The app runs, with its practice service at {service}.");

    let mut observer = Observer::narrator(wanted_pictures());
    let made = create_token(&window, &mut observer, TokenType::SelfGenerated, "Home bot").await?;
    println!("It took {} clicks, besides the name and the code.", made.interactions);

    let answer = call(&service, &made.credentials, "accounts", Signature::Intact)?;
    println!("py3cw asks for the accounts with API key {}: {}", made.credentials.api_key, answer.status);
    window.close().await?;
    Ok(answer.status)
}
