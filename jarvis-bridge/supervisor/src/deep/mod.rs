//! Deep checks, every 30 s: databases, disk, memory, CPU, and the gauges that others report.
