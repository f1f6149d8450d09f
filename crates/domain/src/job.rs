//! Work that is done after the commit that asked for it: the closed words rows hold.

use crate::words::words;

words! {
    /// Jobs that share workers: one queue that is slow does not hold up another.
    Queue {
        /// Mail and text messages on their way.
        Messages = "mail",
        /// Rate watches.
        Watches = "watches",
        /// Callbacks on their way to partners.
        Callbacks = "callbacks",
        /// What keeps the house tidy.
        House = "house",
    }
}

words! {
    /// Kinds of jobs. The spelling is stored for ever; retired kinds stay in the list.
    JobKind {
        /// Hands one delivery of a mail over.
        MailSend = "mail.send",
        /// Hands one delivery of a text message over.
        SmsSend = "sms.send",
        /// Looks at the rate watches that are due.
        WatchesDue = "watches.due",
        /// Delivers one callback to a partner.
        CallbackDeliver = "callback.deliver",
        /// Ends simulations and proposals whose time is over.
        CreditExpire = "credit.expire",
        /// Removes what was kept long enough: jobs that are over, caught messages.
        Sweep = "house.sweep",
    }
}

impl JobKind {
    /// The queue it waits in.
    #[must_use]
    pub const fn queue(self) -> Queue {
        match self {
            Self::MailSend | Self::SmsSend => Queue::Messages,
            Self::WatchesDue => Queue::Watches,
            Self::CallbackDeliver => Queue::Callbacks,
            Self::CreditExpire | Self::Sweep => Queue::House,
        }
    }
}

words! {
    /// How a job stands.
    JobState {
        /// Waiting, or somebody works on it.
        Open = "open",
        /// Done.
        Done = "done",
        /// Given up, until somebody has it tried again.
        Dead = "dead",
    }
}
