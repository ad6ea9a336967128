//! The thread in the app that takes vitals and usage from lock-free sources and reports them to the supervisor.
