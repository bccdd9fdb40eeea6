//! Whole computers: network namespaces with addresses of their own, operators in one and the asker in another. Needs root
//! and iproute2, else each test says so and passes.

use std::fs::{self, File};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{process, thread};

use permitted::{network_namespaces, skipped};
use public_address::{Family, LocalNetwork};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::certificates::Authority;
use crate::server::{Server, head, ok, send_on};
use crate::{REAL, REAL_V6, program};

/// Public addresses, as far as those in the namespaces know: RFC 5737 and RFC 3849 made them for examples.
const OPERATORS: [(&str, &str); 3] =
    [("198.51.100.1", "2001:db8:1::1"), ("198.51.100.2", "2001:db8:1::2"), ("198.51.100.3", "2001:db8:1::3")];

#[tokio::test]
async fn a_computer_with_both_families_has_both_confirmed() {
    let Some(network) = Network::new() else { return };
    network.connect(Family::V4, "203.0.113.1", REAL);
    network.connect(Family::V6, "2001:db8::1", REAL_V6);

    let found = network.detect(&Family::ALL).await;
    assert_eq!(status(&found, Family::V4), ("confirmed", Some(REAL)));
    assert_eq!(status(&found, Family::V6), ("confirmed", Some(REAL_V6)));
    // Its addresses are its own and stay, and no router stands between.
    assert_eq!(codes(&found), ["both-families"]);
}

#[tokio::test]
async fn a_computer_with_one_family_says_which_it_lacks() {
    for (family, router, own, lacks) in
        [(Family::V4, "203.0.113.1", REAL, "v6"), (Family::V6, "2001:db8::1", REAL_V6, "v4")]
    {
        let Some(network) = Network::new() else { return };
        network.connect(family, router, own);

        let found = network.detect(&Family::ALL).await;
        for each in Family::ALL {
            let expected = if each == family { ("confirmed", Some(own)) } else { ("unavailable", None) };
            assert_eq!(status(&found, each), expected, "{family}: {each}");
        }
        assert_eq!(codes(&found), ["one-family"]);
        assert_eq!(found["hints"][0]["missing"], lacks);
        assert_eq!(found["offline"], false);
    }
}

#[tokio::test]
async fn a_computer_without_a_way_out_is_offline() {
    let Some(network) = Network::new() else { return };
    let found = network.detect(&Family::ALL).await;
    for family in Family::ALL {
        assert_eq!(status(&found, family), ("unavailable", None));
    }
    assert_eq!((&found["offline"], codes(&found).len()), (&Value::Bool(true), 0));
}

#[tokio::test]
async fn a_temporary_address_is_said_with_the_one_that_stays() {
    // Not an example's: of those the stable one would not be offered. IANA has given 2e00::/8 to nobody.
    const STABLE: &str = "2e00:1::7";
    let Some(network) = Network::new() else { return };
    // New temporary addresses are used at once, and preferred (net.ipv6.conf, the kernel's ip-sysctl).
    let settings = ["use_tempaddr=2", "dad_transmits=0", "accept_dad=0"];
    if !settings.into_iter().all(|setting| network.home.set(&format!("net.ipv6.conf.home.{setting}"))) {
        return;
    }
    network.world.ip(&["addr", "add", "2e00:1::1/64", "dev", "world", "nodad"]);
    network.home.ip(&[
        "addr",
        "add",
        &format!("{STABLE}/64"),
        "dev",
        "home",
        "mngtmpaddr",
        "valid_lft",
        "7200",
        "preferred_lft",
        "3600",
    ]);
    network.home.ip(&["-6", "route", "add", "default", "via", "2e00:1::1"]);
    network.wait_until_usable();

    let found = network.detect(&[Family::V6]).await;
    let (confirmed, seen) = status(&found, Family::V6);
    assert_eq!(confirmed, "confirmed");
    assert_ne!(seen, Some(STABLE));
    assert_eq!(codes(&found), ["temporary-ipv6", "one-family"]);
    assert_eq!((found["hints"][0]["address"].as_str(), found["hints"][0]["stable"].as_str()), (seen, Some(STABLE)));
}

#[tokio::test]
async fn a_vpn_that_carries_the_default_route_is_named() {
    let Some(network) = Network::new() else { return };
    if !network.home.try_ip(&["tuntap", "add", "dev", "tun7", "mode", "tun"]) {
        return skipped("this kernel makes no tun interface");
    }
    network.home.ip(&["addr", "add", "10.8.0.2/24", "dev", "tun7"]);
    network.home.ip(&["link", "set", "tun7", "up"]);
    network.home.ip(&["route", "add", "default", "dev", "tun7"]);

    // Nobody is at the other end; the route is enough.
    let found = network.detect(&[]).await;
    assert_eq!(codes(&found), ["vpn"]);
    assert_eq!(found["hints"][0]["interface"], "tun7");
}

#[test]
fn reading_the_local_network_sends_no_packet_over_ipv4() {
    let Some(network) = Network::new() else { return };
    // Nothing else may speak on the wire while it is listened to.
    for (namespace, end) in [(&network.world, "world"), (&network.home, "home")] {
        namespace.ip(&["link", "set", end, "multicast", "off"]);
        if !namespace.set("net.ipv6.conf.all.disable_ipv6=1") {
            return;
        }
    }
    network.connect(Family::V4, "203.0.113.1", REAL);

    let before = network.heard();
    let local = network.home.inside(LocalNetwork::read);
    assert_eq!(network.heard(), before);
    assert_eq!(local.v4.map(|own| own.address.to_string()).as_deref(), Some(REAL));
    assert_eq!(local.v6, None);
}

#[test]
fn reading_the_local_network_sends_no_packet_over_ipv6() {
    let Some(network) = Network::new() else { return };
    network.connect(Family::V6, "2001:db8::1", REAL_V6);

    // The kernel tends its groups and routers on the wire by itself; what a program sends would begin with one of these.
    let sent = || {
        let counted = network.home.output("cat", &["/proc/net/snmp6"]);
        ["Udp6OutDatagrams", "Icmp6OutNeighborSolicits"].map(|name| {
            let line = counted.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim().parse::<u64>().unwrap()
        })
    };
    let before = sent();
    let local = network.home.inside(LocalNetwork::read);
    assert_eq!(sent(), before);
    assert_eq!(local.v6.map(|own| own.address.to_string()).as_deref(), Some(REAL_V6));
    assert_eq!(local.v4, None);
}

/// The internet and one computer, with a cable between them.
struct Network {
    world: Namespace,
    home: Namespace,
}

impl Network {
    /// `None`, said aloud, where namespaces are not to be had.
    fn new() -> Option<Self> {
        if !network_namespaces() {
            return None;
        }
        let (world, home) = (Namespace::new("world"), Namespace::new("home"));
        world.ip(&["link", "add", "world", "type", "veth", "peer", "name", "home", "netns", &home.name]);
        for (namespace, end) in [(&world, "world"), (&home, "home")] {
            // No address that the kernel makes of itself.
            namespace.ip(&["link", "set", end, "addrgenmode", "none"]);
            namespace.ip(&["link", "set", "lo", "up"]);
            namespace.ip(&["link", "set", end, "up"]);
        }
        for (v4, v6) in OPERATORS {
            world.ip(&["addr", "add", &format!("{v4}/32"), "dev", "lo"]);
            world.ip(&["addr", "add", &format!("{v6}/128"), "dev", "lo", "nodad"]);
        }
        Some(Self { world, home })
    }

    /// Gives the computer an address, and the way out through the router.
    fn connect(&self, family: Family, router: &str, own: &str) {
        let (flag, length, nodad) = match family {
            Family::V4 => ("-4", 24, None),
            Family::V6 => ("-6", 64, Some("nodad")),
        };
        for (namespace, end, address) in [(&self.world, "world", router), (&self.home, "home", own)] {
            let address = format!("{address}/{length}");
            let words: Vec<_> = ["addr", "add", &address, "dev", end].into_iter().chain(nodad).collect();
            namespace.ip(&words);
        }
        self.home.ip(&[flag, "route", "add", "default", "via", router]);
    }

    /// Asks three operators over these families, as the computer, and gives the last line that the example prints.
    async fn detect(&self, families: &[Family]) -> Value {
        let authority = Authority::new();
        let (file, mut servers) = (NamedTempFile::new().unwrap(), Vec::new());
        fs::write(&file, authority.pem()).unwrap();

        let mut command = tokio::process::Command::from(self.home.command(&program::detect()));
        command.args(["--practice-addresses", "--ca"]).arg(file.path());
        for (place, (v4, v6)) in OPERATORS.into_iter().enumerate() {
            for family in families {
                let address: IpAddr = if *family == Family::V4 { v4 } else { v6 }.parse().unwrap();
                let server = self.operator(&authority, address);
                command.args(["--source", &format!("Operator {place}=https://{}/", server.address)]);
                servers.push(server);
            }
        }
        match families {
            // Without any source the shipped ones would be asked.
            [] => command.args(["--source", "Nobody=https://198.51.100.9/", "--deadline", "1"]),
            _ => command.args(["--deadline", "20000"]),
        };

        let output = command.kill_on_drop(true).output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(output.stdout.trim_ascii_end().rsplit(|&byte| byte == b'\n').next().unwrap()).unwrap()
    }

    /// Tells each asker the address that it comes from.
    fn operator(&self, authority: &Authority, address: IpAddr) -> Server {
        let acceptor = authority.acceptor(&address.to_string());
        let listener = self.world.inside(move || TcpListener::bind(SocketAddr::new(address, 0)).unwrap());
        listener.set_nonblocking(true).unwrap();
        Server::serve_at(tokio::net::TcpListener::from_std(listener).unwrap(), move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let seen = stream.peer_addr().unwrap().ip();
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                head(&mut stream).await;
                send_on(stream, ok(&seen.to_string()).as_bytes()).await;
            }
        })
    }

    fn wait_until_usable(&self) {
        while !self.home.output("ip", &["-6", "addr", "show", "tentative"]).is_empty() {
            thread::yield_now();
        }
    }

    /// How many packets came out of the computer.
    fn heard(&self) -> u64 {
        let told = self.world.output("ip", &["-json", "-statistics", "link", "show", "dev", "world"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        told[0]["stats64"]["rx"]["packets"].as_u64().unwrap()
    }
}

/// Removed with the test, however that ends.
struct Namespace {
    name: String,
}

impl Namespace {
    fn new(role: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("public-address-{}-{}-{role}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));

        let made = Command::new("ip").args(["netns", "add", &name]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        Self { name }
    }

    /// The same program with the same words and environment, run in here.
    fn command(&self, outside: &Command) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(outside.get_program()).args(outside.get_args());
        for (name, value) in outside.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    fn output(&self, program: &str, words: &[&str]) -> String {
        let mut outside = Command::new(program);
        outside.args(words);
        let output = self.command(&outside).output().unwrap();
        assert!(output.status.success(), "{program} {words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Changes a setting of its kernel, if that may be done here.
    fn set(&self, setting: &str) -> bool {
        let mut outside = Command::new("sysctl");
        outside.args(["-qw", setting]);
        let done = self.command(&outside).output().is_ok_and(|output| output.status.success());
        if !done {
            skipped("the kernel's settings cannot be changed here");
        }
        done
    }

    fn try_ip(&self, words: &[&str]) -> bool {
        let ip = Command::new("ip").args(["-n", &self.name]).args(words).output();
        ip.is_ok_and(|output| output.status.success())
    }

    fn ip(&self, words: &[&str]) {
        let output = Command::new("ip").args(["-n", &self.name]).args(words).output().unwrap();
        assert!(output.status.success(), "ip {words:?}: {output:?}");
    }

    /// Runs this in here; sockets that it opens stay in here.
    fn inside<T: Send>(&self, run: impl FnOnce() -> T + Send) -> T {
        let namespace = File::open(format!("/run/netns/{}", self.name)).unwrap();
        // A thread of its own: it never comes back out.
        let entered = || {
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            run()
        };
        thread::scope(|scope| scope.spawn(entered).join().unwrap())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

fn status(found: &Value, family: Family) -> (&str, Option<&str>) {
    let found = &found[family.as_str()];
    (found["status"].as_str().unwrap(), found["address"].as_str())
}

fn codes(found: &Value) -> Vec<&str> {
    found["hints"].as_array().unwrap().iter().map(|hint| hint["code"].as_str().unwrap()).collect()
}
