//! The loop: input, answers and deadlines become messages; after each batch the screen is drawn, at most once in 16 ms
//! and written only where it changed.

pub mod screen;
pub mod terminal;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::update::{deadline, update};
use crate::app::{Effect, Msg, Now, State};
use crate::domain::Clock;
use crate::runtime::{Connector, Runtime};
use crate::ui::{LayoutCache, Theme};
use screen::Screen;
use terminal::{Input, Terminal, TerminalError};

/// Frames are at least this far apart; the first key is painted at once.
const FRAME: Duration = Duration::from_millis(16);
