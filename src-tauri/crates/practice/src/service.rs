//! A running service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use private_files::DataDir;
use tokio::sync::oneshot;
use tokio::task;
use zeroize::Zeroizing;

use crate::account::authenticator::Authenticator;
use crate::account::idempotency::InFlight;
use crate::account::otp::CodeNow;
use crate::account::otp_secret::OtpSecret;
use crate::account::session::Session;
use crate::account::sweep::sweep;
use crate::account::{Account, schema};
use crate::conditions::clock::{ClockOffset, ServiceClock};
use crate::conditions::fault::{Fault, FaultSwitch};
use crate::conditions::hosts::AllowedHosts;
use crate::conditions::request_limits::RequestLimits;
use crate::conditions::{Conditions, Current};
use crate::config::Config;
use crate::documented::sample::Mode;
use crate::error::Error;
use crate::http::server;
use crate::record::Record;
use crate::record::refused::RefusedRequest;
use crate::shared::Shared;
use crate::storage::data_dir;
use crate::storage::database::Database;
use crate::storage::database_thread::DatabaseThread;
use crate::storage::failure::Failure;
use crate::storage::seal::Sealer;
use crate::tokens;
use crate::tokens::callers::Callers;

/// Requests under way at the shutdown get this long.
const GRACE: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A running service. Dropped, it stops without waiting for requests under way.
pub struct Practice {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: task::JoinHandle<()>,
    sweeper: task::JoinHandle<()>,
    database_thread: Option<JoinHandle<()>>,
}

impl Practice {
    /// Opens the data and listens. It answers as soon as this returns.
    pub async fn start(config: Config) -> Result<Self, Error> {
        // What may fail for nothing to do with the data comes before a new authenticator is made there.
        let unavailable = |source| Error::PortUnavailable { address: config.listen, source };
        let listener = server::listen(config.listen).map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let hosts = AllowedHosts::new(address, &config.allow_hosts)?;
        let clock = ServiceClock::new(config.clock, config.clock_offset);
        let sealer = Sealer::for_secrets(&config.state_key);
        let now_ms = clock.now_ms();
        let opened = task::spawn_blocking(move || {
            Opened::open(&config.data, sealer, config.new_authenticator, config.otp_secret.as_ref(), now_ms)
        });
        let panicked =
            |error| Error::DataUnwritable { path: data_dir::DATABASE.into(), source: std::io::Error::other(error) };
        let opened = opened.await.map_err(panicked)??;
        let (database, database_thread) = DatabaseThread::spawn(opened.database, opened.owned);
        let account = Account {
            session: Session::new(),
            authenticator: opened.authenticator,
            callers: Callers::default(),
            in_flight: InFlight::default(),
            sealer: opened.sealer,
            state_key: config.state_key,
        };
        let conditions = Conditions {
            client_address: config.client_address.to_canonical(),
            limits: config.limits,
            mode: Mode::default(),
        };
        let shared = Arc::new(Shared {
            database,
            account: Arc::new(account),
            clock,
            conditions: Current::new(conditions),
            request_limits: RequestLimits::default(),
            fault: FaultSwitch::default(),
            hosts,
            record: Record::new(config.log),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap_or_default() };
        let server = task::spawn(server::serve(listener, shared.clone(), stopped));
        let sweeper = task::spawn(keep_swept(shared.clone(), opened.swept));
        Ok(Self { shared, address, stop: Some(stop), server, sweeper, database_thread: Some(database_thread) })
    }

    /// Where the service is reached from this computer, e.g. `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        let host = match self.address.ip() {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        format!("http://{}", SocketAddr::new(host, self.address.port()))
    }

    /// Whether the data of a service that does not run has tokens: without its key, they would be lost.
    pub fn has_tokens(data: &Path) -> Result<bool, Error> {
        let _owned = DataDir::own(data)?;
        Ok(tokens::exist(&schema::open(data, None)?.connection)?)
    }

    /// The account session for the token endpoint and the control.
    pub fn session(&self) -> &Session {
        &self.shared.account.session
    }

    /// The authenticator's secret, for adding it to an app by hand.
    pub fn otp_secret_base32(&self) -> Zeroizing<String> {
        self.shared.account.authenticator.otp.secret_base32()
    }

    /// The authenticator's secret, for keeping it.
    pub fn otp_secret(&self) -> Option<OtpSecret> {
        OtpSecret::from_base32(&self.otp_secret_base32())
    }

    /// The authenticator's secret, for a QR code.
    pub fn otpauth_uri(&self) -> Zeroizing<String> {
        self.shared.account.authenticator.otp.uri()
    }

    /// The code of this moment if the service still takes it, else how long until the next one.
    pub fn unused_code(&self) -> CodeNow {
        self.shared.account.authenticator.code_now(self.shared.clock.now_ms())
    }

    /// The public address that callers on this computer seem to have from now on.
    pub fn set_client_address(&self, address: IpAddr) {
        self.shared.conditions.change(|conditions| conditions.client_address = address.to_canonical());
    }

    /// What goes wrong on purpose from now on, for trying what clients do then.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.fault.set(fault);
    }

    /// How far the service's clock is off the real one from now on.
    pub fn set_clock_offset(&self, offset: ClockOffset) {
        self.shared.clock.set_offset(offset);
    }

    /// The last requests that were refused, with their true reasons, the newest first.
    pub fn refusals(&self) -> Vec<RefusedRequest> {
        self.shared.record.refused_requests()
    }

    /// Takes no more requests, lets those under way finish, closes the database.
    pub async fn shutdown(mut self) {
        self.shared.fault.set(Fault::None);
        if let Some(stop) = self.stop.take() {
            // The server may have ended by itself.
            let _ = stop.send(());
        }
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        let thread = self.database_thread.take();
        drop(self);
        if let Some(thread) = thread {
            // Its panic, if any, was reported where it happened.
            let _ = task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.server.abort();
        self.sweeper.abort();
        self.shared.database.close();
    }
}

/// Sweeps each minute, and whenever the service's clock is moved, until it is dropped. `swept` as for [`sweep`].
async fn keep_swept(shared: Arc<Shared>, mut swept: Option<u64>) {
    loop {
        let _ = tokio::time::timeout(SWEEP_EVERY, shared.clock.moved()).await;
        let now_ms = shared.clock.now_ms();
        let work = move |database: &mut Database| -> Result<_, Failure> { Ok(sweep(database, now_ms, swept)?) };
        // A disk that fails is tried again; whoever asks for something hears of it.
        if let Ok(changes) = shared.database.run(work).await {
            swept = Some(changes);
        }
    }
}

/// The data, open and ours.
struct Opened {
    database: Database,
    owned: DataDir,
    sealer: Sealer,
    authenticator: Authenticator,
    /// As for [`sweep`].
    swept: Option<u64>,
}

impl Opened {
    fn open(
        data: &Path,
        sealer: Sealer,
        new_authenticator: bool,
        otp_secret: Option<&OtpSecret>,
        now_ms: i64,
    ) -> Result<Self, Error> {
        let owned = DataDir::own(data)?;
        let mut database = schema::open(data, Some(&sealer))?;
        let authenticator = if new_authenticator {
            Authenticator::replace(&mut database.connection, &sealer, otp_secret)?
        } else {
            Authenticator::load_or_create(&database.connection, &sealer, otp_secret)?
        };
        // It is tried again in a minute.
        let swept = sweep(&database, now_ms, None).ok();
        Ok(Self { database, owned, sealer, authenticator, swept })
    }
}
