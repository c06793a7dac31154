package embedded

import "strconv"

// arguments are the server's settings; the last of a name wins.
func (c *cluster) arguments(e endpoint, o Options) []string {
	settings := [][2]string{
		{"timezone", "UTC"},
		{"log_timezone", "UTC"},
		// A client's errors quote its data, and belong in the client's own log.
		{"log_min_messages", "log"},
		{"log_checkpoints", "off"},
	}
	if o.Volatile {
		settings = append(settings, [][2]string{
			{"fsync", "off"},
			{"full_page_writes", "off"},
			{"synchronous_commit", "off"},
		}...)
	}
	for name, value := range o.Settings {
		settings = append(settings, [2]string{name, value})
	}
	settings = append(settings, [][2]string{
		{"listen_addresses", e.host},
		{"port", strconv.Itoa(e.port)},
		{"unix_socket_directories", e.socketDir},
		{"unix_socket_permissions", "0700"},
	}...)
	args := []string{"-D", c.data}
	for _, setting := range settings {
		args = append(args, "-c", setting[0]+"="+setting[1])
	}
	return args
}
