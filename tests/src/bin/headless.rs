//! Runs the app where there is no display: on a virtual one, in a session of its own, until Ctrl-C.

use std::{
    env,
    path::{Path, PathBuf, absolute},
    process::ExitCode,
    time::Duration,
};

use token_desk_tests::{
    Error, Result, places,
    process::{Running, poll},
    session::{PrivateSession, Screen},
};

const FIRST_PAINT: Duration = Duration::from_secs(60);
/// A window without its page shows fewer colours than this.
const BLANK: u32 = 16;
const LOOK_AGAIN: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> ExitCode {
    let picture = env::args_os().nth(1).map_or_else(|| PathBuf::from("token-desk.png"), PathBuf::from);
    match run(&picture).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(picture: &Path) -> Result<()> {
    let session = PrivateSession::start(Screen::Virtual)?;
    println!("There is no display here: Token Desk runs on a virtual one, with a keyring and a home of its own.");
    println!("Nothing of this session is kept.");

    let mut command = session.command(places::app()?);
    // Behind a virtual screen there is no graphics card: the renderer for one takes seconds to show the first picture.
    command.env("TOKEN_DESK_TRACE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    let mut app = Running::start(&mut command)?;
    app.wait_for_line("sign that the form can be filled in", FIRST_PAINT, |line| {
        line.starts_with("usable ").then_some(())
    })?;
    take_picture(&session, picture)?;
    println!("This is what it shows: {}", absolute(picture).unwrap_or_else(|_| picture.to_owned()).display());
    println!("It goes on until you press Ctrl-C.");

    until_ctrl_c(&mut app).await
}

/// Takes pictures until there is something on them: a page is ready a moment before it is painted.
fn take_picture(session: &PrivateSession, file: &Path) -> Result<()> {
    poll(FIRST_PAINT, "painted window", || {
        let taken = session.command("import").args(["-window", "Token Desk"]).arg(file).output().ok()?;
        let colours = session.command("identify").args(["-format", "%k"]).arg(file).output().ok()?;
        let colours: u32 = String::from_utf8(colours.stdout).ok()?.trim().parse().ok()?;
        (taken.status.success() && colours > BLANK).then_some(())
    })
}

async fn until_ctrl_c(app: &mut Running) -> Result<()> {
    loop {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => {
                return interrupted.map_err(|source| Error::Io { path: PathBuf::from("Ctrl-C"), source });
            }
            () = tokio::time::sleep(LOOK_AGAIN) => app.still_runs()?,
        }
    }
}
