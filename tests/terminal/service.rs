//! A simulator of the service in the test's own process, and programs that are pointed at it.

use std::net::SocketAddr;

use ivschat::simulator::server::{Options, Running, Server, fault};
use ivschat::simulator::world::{Setup, Troubles};
use tokio::runtime::{Builder, Runtime};

use crate::session::Start;

/// The account of the demo, without raids and floods that no test has asked for.
fn account() -> Setup {
    Setup { troubles: Troubles::OnDemand, ..Setup::default() }
}

/// The simulator at work.
pub(crate) struct Service {
    runtime: Runtime,
    running: Option<Running>,
    address: SocketAddr,
}

impl Service {
    /// The account of the demo.
    pub(crate) fn start() -> Self {
        Self::failing(&[])
    }

    /// The same, with faults such as `ListRooms=deny` from the start.
    pub(crate) fn failing(faults: &[&str]) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let faults = faults.iter().map(|fault| fault::parse(fault).unwrap()).collect();
        let options = Options { faults, ..Options::default() };
        let running = runtime.block_on(Server::start(account(), options)).unwrap();
        let address = running.endpoint.trim_start_matches("http://").parse().unwrap();
        Self { runtime, running: Some(running), address }
    }

    /// Where it is, for calls and for connections, and the keys that it takes.
    pub(crate) fn facts(&self) -> (String, String, String, String) {
        let running = self.running();
        let (endpoint, messaging) = (running.endpoint.clone(), running.messaging_endpoint.clone());
        (endpoint, messaging, running.access_key_id.clone(), running.secret_access_key.clone())
    }

    /// `ivschat` on this service, with the keys that it takes.
    pub(crate) fn console(&self, args: &[&str]) -> Start {
        let running = self.running();
        self.console_as(args, &running.access_key_id, &running.secret_access_key)
    }

    /// The same with other keys.
    pub(crate) fn console_as(&self, args: &[&str], access_key_id: &str, secret_access_key: &str) -> Start {
        let running = self.running();
        Start::ivschat(args)
            .args(&["--endpoint-url", &running.endpoint, "--messaging-endpoint-url", &running.messaging_endpoint])
            .args(&["--region", &running.region])
            .env("AWS_ACCESS_KEY_ID", access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", secret_access_key)
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the service was killed")
    }

    /// Cuts everything off at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.running = None;
    }

    /// Starts anew on the same port. The account is the same; its connections are not.
    pub(crate) fn revive(&mut self) {
        let options = Options { listen: self.address, ..Options::default() };
        self.running = Some(self.runtime.block_on(Server::start(account(), options)).unwrap());
    }

    /// Puts a fault in force, such as `DeleteMessage=deny`.
    pub(crate) fn fail(&self, fault: &str) {
        let (target, plan) = fault::parse(fault).unwrap();
        self.runtime.block_on(self.running().set_fault(target, plan)).unwrap();
    }

    /// Takes a fault away again.
    pub(crate) fn mend(&self, operation: &str) {
        assert!(self.runtime.block_on(self.running().clear_fault(operation.parse().unwrap())).unwrap());
    }

    /// Breaks all WebSocket connections.
    pub(crate) fn drop_connections(&self) {
        self.runtime.block_on(self.running().drop_connections()).unwrap();
    }

    /// The secret key that it takes.
    pub(crate) fn secret(&self) -> &str {
        &self.running().secret_access_key
    }

    /// The access key that it takes.
    pub(crate) fn access_key_id(&self) -> &str {
        &self.running().access_key_id
    }

    /// How many WebSocket connections there are.
    pub(crate) fn connections(&self) -> usize {
        self.runtime.block_on(self.running().count_connections()).unwrap()
    }
}
