package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

func TestSIGTERMLetsRequestsUnderWayFinish(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=1m")
	slow := begin(t, i)
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	if got := slow.finish(); got.StatusCode != http.StatusCreated {
		t.Errorf("the request under way had the status %d", got.StatusCode)
	}
	if code := i.wait(); code != exitDone {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
	if _, err := i.send("GET", "/users", ""); err == nil {
		t.Error("it serves after its end")
	}
}

func TestReadinessFailsBeforeTheServerCloses(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=2m", "ROSTER_DRAIN_DELAY=1m")
	i.expect(200, "GET", "/readyz", "")
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	i.expect(503, "GET", "/readyz", "")
	i.expect(200, "GET", "/livez", "")
	i.expect(200, "GET", "/users", "")
	i.signals <- syscall.SIGTERM
	i.wait()
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=1h")
	begin(t, i)
	i.signals <- syscall.SIGTERM
	i.awaitLog("finishing the requests under way")
	if i.hasEnded() {
		t.Fatalf("it ended before the second signal:\n%s", i.log)
	}
	i.signals <- syscall.SIGINT
	if code := i.wait(); code != exitFailed {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
	i.awaitLog("requests were cut off: stopped by the signal interrupt")
}

func TestRequestsThatTakeTooLongAreCutOffAtTheEnd(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SHUTDOWN=50ms")
	begin(t, i)
	if code := i.stop(); code != exitFailed {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
	i.awaitLog("requests were cut off: context deadline exceeded")
}

func TestAPortThatIsTakenIsAnError(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	i := launch(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_ADDR="+listener.Addr().String())
	if code := i.wait(); code != exitFailed || !strings.Contains(i.log.String(), "ROSTER_ADDR") {
		t.Errorf("the exit code is %d:\n%s", code, i.log)
	}
}

// unfinished is a request without its body.
type unfinished struct {
	t          *testing.T
	connection net.Conn
}

// begin sends the headers of a create, and waits until the server reads its body.
func begin(t *testing.T, i *instance) *unfinished {
	t.Helper()
	address := strings.TrimPrefix(i.url, "http://")
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	// To Expect the server responds when it begins to read the body.
	const head = "POST /users HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n" +
		"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
	if _, err := fmt.Fprintf(connection, head, address, len(createAda)); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(io.LimitReader(connection, int64(len("HTTP/1.1 100 Continue\r\n\r\n")))).ReadString('\n')
	if err != nil || !strings.Contains(line, "100") {
		t.Fatalf("got %q, %v", line, err)
	}
	return &unfinished{t, connection}
}

// finish sends the body and returns the response.
func (u *unfinished) finish() *http.Response {
	u.t.Helper()
	if _, err := io.WriteString(u.connection, createAda); err != nil {
		u.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(u.connection), nil)
	if err != nil {
		u.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response
}
