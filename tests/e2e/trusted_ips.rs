//! The field that people fail at, in the real window: finding the addresses, pasting a mess, and getting out of it.

use std::net::Ipv4Addr;

use token_desk_tests::{
    Result,
    address_source::AddressSource,
    journey::Observer,
    session::{PrivateSession, Screen},
    window::{Window, wanted_pictures},
};

/// Somebody's, as data only: nothing is ever sent to them.
const V4: &str = "93.184.216.34";
const V6: &str = "2606:2800:220:1:248:1893:25c8:1946";

/// From a spreadsheet and a chat: twelve entries, of which eight are left when it is tidied.
const MESS: &str = "Server\t93.184.216.34\nBackup\t93.184.216.40;\n- 93.184.216.34 # again\n\
    8.8.8.9/24, 8.8.8.77\n1.1.1.0/25 | 1.1.1.128/25\n\u{201c}9.9.9.7\u{201d}\u{200b}, 2606:4700:4700::1117 208.67.222.227";

fn observer() -> Observer {
    Observer::auditor(wanted_pictures().map(|shots| shots.join("trusted-ips")))
}

/// Asks these services only: as a person would, in Settings.
async fn ask_only(window: &Window, sources: &[(&str, &AddressSource, &str)]) -> Result<()> {
    window.click("nav-settings").await?;
    window.wait_for("source").await?;
    for left in (0..window.attributes("source", "data-testid").await?.len()).rev() {
        window.click("source-remove").await?;
        window.wait_for_number("source", left).await?;
    }
    window.click("source-add").await?;
    for (number, (operator, source, family)) in sources.iter().enumerate() {
        window.type_into("source-operator", operator).await?;
        window.type_into("source-url", &source.url()).await?;
        window.click(&format!("source-family-{family}")).await?;
        window.click("source-keep").await?;
        window.wait_for_number("source", number + 1).await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_click_adds_both_confirmed_addresses_as_labelled_chips() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    let mut observer = observer();
    let telling = |address: &str| AddressSource::telling(address.parse().unwrap()).unwrap();
    let (one, two, three, four) = (telling(V4), telling(V4), telling(V6), telling(V6));
    let sources = [("One", &one, "v4"), ("Two", &two, "v4"), ("One", &three, "v6"), ("Two", &four, "v6")];
    ask_only(&window, &sources).await.unwrap();
    observer.see(&window, "sources", "source", "Four services of two operators are asked.").await.unwrap();

    window.click("nav-create").await.unwrap();
    let before = window.interactions();
    window.click("detect").await.unwrap();
    window.wait_for_number("chip", 2).await.unwrap();
    assert_eq!(window.interactions() - before, 1);
    let chips = window.texts("chip-edit").await.unwrap();
    assert!(chips[0].contains("This computer") && chips[0].contains(V4), "{chips:?}");
    assert!(chips[1].contains("This computer (IPv6)") && chips[1].contains(V6), "{chips:?}");
    assert_eq!(window.attributes("chip", "data-verdict").await.unwrap(), ["accept", "accept"]);
    observer.see(&window, "found", "chip", "Both addresses are on the list.").await.unwrap();

    window.click("how-we-know").await.unwrap();
    window.wait_for_text("how-panel", "Two").await.unwrap();
    observer.see(&window, "how", "how-panel", "Who said so, and how long it took.").await.unwrap();
    window.click("public-private").await.unwrap();
    window.wait_for("public-private-panel").await.unwrap();
    observer.see(&window, "public", "public-private-panel", "Why it is this address.").await.unwrap();
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_liar_adds_nothing_and_a_sign_in_page_is_called_by_its_name() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    let mut observer = observer();
    let honest = AddressSource::telling(V4.parse().unwrap()).unwrap();
    let liar = AddressSource::telling("8.8.8.9".parse().unwrap()).unwrap();
    ask_only(&window, &[("Honest", &honest, "v4"), ("Liar", &liar, "v4")]).await.unwrap();
    window.click("nav-create").await.unwrap();
    window.click("detect").await.unwrap();
    window.wait_for_number("offered", 2).await.unwrap();
    assert!(window.attributes("chip", "data-verdict").await.unwrap().is_empty(), "nothing is added unasked");
    observer.see(&window, "disputed", "offered", "The services disagree: nothing is added unasked.").await.unwrap();

    let page = || AddressSource::answering([127, 0, 0, 1].into(), "text/html", "<html>Welcome!</html>".to_owned());
    let (hotel, lounge) = (page().unwrap(), page().unwrap());
    ask_only(&window, &[("Hotel", &hotel, "v4"), ("Lounge", &lounge, "v4")]).await.unwrap();
    window.click("nav-create").await.unwrap();
    window.click("detect").await.unwrap();
    window.wait_for_text("made-up", "sign in first").await.unwrap();
    observer.see(&window, "sign-in", "made-up", "The network wants a sign-in first.").await.unwrap();
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_messy_paste_is_tidied_in_one_click_and_undone_in_one() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    let mut observer = observer();
    window.paste_into(&session, "ip-input", MESS).await.unwrap();
    window.wait_for_number("chip", 12).await.unwrap();
    let pasted = window.texts("chip-edit").await.unwrap();
    observer.see(&window, "mess", "tidy-offer", "Twelve entries as they were pasted.").await.unwrap();
    window.click("tidy-preview").await.unwrap();
    window.wait_for_text("tidy-changes", "left out").await.unwrap();
    observer.see(&window, "preview", "tidy-changes", "What tidying up would change.").await.unwrap();

    let before = window.interactions();
    window.click("tidy").await.unwrap();
    window.wait_for_number("chip", 8).await.unwrap();
    assert_eq!(window.interactions() - before, 1);
    observer.see(&window, "tidy", "chip", "Tidied, and two neighbours could be one.").await.unwrap();
    window.click("merge-it").await.unwrap();
    window.wait_for_number("chip", 7).await.unwrap();
    window.click("ips-undo").await.unwrap();
    window.wait_for_number("chip", 8).await.unwrap();
    window.click("ips-undo").await.unwrap();
    window.wait_for_number("chip", 12).await.unwrap();
    assert_eq!(window.texts("chip-edit").await.unwrap(), pasted);
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_megabyte_is_counted_and_the_form_goes_on() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    let megabyte: String = (0..70_000_u32).map(|n| format!("{}, ", Ipv4Addr::from(0xc800_0000 + 2 * n))).collect();
    assert!(megabyte.len() > 950_000);
    // Without a graphics card the window draws nothing for seconds after it opened.
    window.settle().await.unwrap();
    window.watch_frames().await.unwrap();
    window.paste_into(&session, "ip-input", &megabyte).await.unwrap();
    window.wait_for_text("ip-count", "70000 on the list").await.unwrap();
    window.type_into("name", "A bot with a long list").await.unwrap();
    window.type_into("ip-input", "8.8.8.9:443,").await.unwrap();
    window.wait_for_text("ip-count", "70001 on the list, 1 needs you").await.unwrap();
    // Measured, not held: machines are noisy.
    eprintln!("longest time without a frame: {} ms", window.longest_frame().await.unwrap());
    assert_eq!(window.text("name").await.unwrap(), "A bot with a long list");
    assert!(window.attributes("chip", "data-verdict").await.unwrap().len() <= 100);
    window.click("chip-fix").await.unwrap();
    window.wait_for_text("ip-count", "70001 on the list").await.unwrap();
    window.wait_for_number("problem", 0).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test]
async fn a_rejected_chip_keeps_create_inactive_and_its_one_click_fix_makes_it_active() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let window = Window::open(&session).await.unwrap();
    let mut observer = observer();
    window.click("type-system").await.unwrap();
    window.type_into("name", "Home bot").await.unwrap();
    window.click("preset-statistics").await.unwrap();
    window.paste_into(&session, "ip-input", "93.184.216.34:443 # Home").await.unwrap();
    window.wait_for_number("chip", 1).await.unwrap();
    assert_eq!(window.attributes("chip", "data-verdict").await.unwrap(), ["reject"]);
    assert!(window.is_held("create").await.unwrap());
    observer.see(&window, "rejected", "chip", "An entry that cannot work keeps Create inactive.").await.unwrap();

    window.click("chip-fix").await.unwrap();
    window.wait_until("chip", "data-verdict", "accept").await.unwrap();
    window.wait_until_ready("create").await.unwrap();
    assert!(window.texts("chip-edit").await.unwrap()[0].contains("Home"), "the label stays");

    window.click("network-helper").await.unwrap();
    window.wait_for_text("network-words", "1 address").await.unwrap();
    window.press("network-size", &"\u{e014}".repeat(8)).await.unwrap();
    window.wait_for_text("network-words", "256 addresses").await.unwrap();
    observer.see(&window, "slider", "network-size", "A range said in words, with its warning.").await.unwrap();
    window.click("network-add").await.unwrap();
    window.wait_for_text("chip-edit", "93.184.216.0/24").await.unwrap();

    window.click("where-server").await.unwrap();
    window.wait_for("server-command").await.unwrap();
    window.type_into("host-name", "localhost").await.unwrap();
    window.click("host-look").await.unwrap();
    window.wait_for_text("host-found", "not a public address").await.unwrap();
    observer.see(&window, "server", "server-addresses", "For a server: a command, or its name.").await.unwrap();
    assert!(observer.violations().is_empty(), "axe found: {:#?}", observer.violations());
    window.close().await.unwrap();
}
