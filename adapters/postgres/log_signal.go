package postgres

// LogWritten implements ports.LogSignal.
func (s *LogEntries) LogWritten() <-chan struct{} { return s.pool.Written() }
