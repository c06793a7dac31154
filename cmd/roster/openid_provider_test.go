package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const openIDFolder = "../../bin/oidc-provider-9.13.3"

// openID is a real OpenID provider, oidc-provider on Node.js.
type openID struct {
	t     *testing.T
	url   string
	input io.Closer
	ended chan struct{}
}

// startOpenID starts a provider on a port; port 0 is a free one.
func startOpenID(t *testing.T, port string) *openID {
	t.Helper()
	folder, err := filepath.Abs(openIDFolder)
	if err == nil {
		_, err = os.Stat(filepath.Join(folder, "node_modules/oidc-provider/package.json"))
	}
	if err != nil {
		t.Fatalf("the OpenID provider for tests is missing; run: make openid-provider (%v)", err)
	}
	command := exec.Command("node", "testdata/openid/provider.mjs", folder, port)
	command.Env = append(os.Environ(), "NODE_ENV=test")
	problems := newTranscript()
	command.Stderr = problems
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatalf("Node.js is needed for the OpenID provider of tests: %v", err)
	}
	p := &openID{t: t, input: input, ended: make(chan struct{})}
	t.Cleanup(p.stop)
	line, err := bufio.NewReader(output).ReadString('\n')
	go func() {
		defer close(p.ended)
		_ = command.Wait() // it ends when its input does
	}()
	if err != nil {
		t.Fatalf("the OpenID provider does not start: %v\n%s", err, problems)
	}
	p.url = strings.TrimSpace(line)
	return p
}

func (p *openID) stop() {
	_ = p.input.Close() // an error: it is closed
	<-p.ended
}

func (p *openID) port() string {
	address, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	return address.Port()
}

func (p *openID) rotate() {
	p.t.Helper()
	p.post(http.DefaultClient, "/rotate", nil)
}

// browser keeps cookies and does not follow redirects.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (p *openID) post(client *http.Client, address string, form url.Values) (*http.Response, string) {
	p.t.Helper()
	response, err := client.PostForm(p.url+address, form)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, bodyOf(p.t, response)
}

func bodyOf(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// tokens are the response of the token endpoint.
type tokens struct {
	Access string `json:"access_token"`
	ID     string `json:"id_token"`
}

func (p *openID) tokens(form url.Values) tokens {
	p.t.Helper()
	response, body := p.post(http.DefaultClient, "/token", form)
	var got tokens
	if err := json.Unmarshal([]byte(body), &got); err != nil || response.StatusCode != 200 {
		p.t.Fatalf("the token endpoint answers %d %s", response.StatusCode, body)
	}
	return got
}

// program gets a token for a program, by its own credentials.
func (p *openID) program() string {
	p.t.Helper()
	return p.tokens(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"billing"}, "client_secret": {"billing-secret"}, "scope": {"directory.read"},
	}).Access
}

// formOf finds where the page of an interaction sends its form.
var formOf = regexp.MustCompile(`action="([^"]*)"`)

// signIn signs a person in by code and PKCE (RFC 7636), through the pages of the
// provider.
func (p *openID) signIn(login, scope string) tokens {
	p.t.Helper()
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge := sha256.Sum256([]byte(verifier))
	client := browser(p.t)
	next := p.url + "/auth?" + url.Values{
		"client_id": {"app"}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1/callback"}, "scope": {"openid " + scope},
		"nonce": {"n"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode()
	prompts := []url.Values{{"prompt": {"login"}, "login": {login}, "password": {"any"}}, {"prompt": {"consent"}}}
	for {
		address, err := url.Parse(next)
		if err != nil {
			p.t.Fatal(err)
		}
		if code := address.Query().Get("code"); code != "" {
			return p.tokens(url.Values{
				"grant_type": {"authorization_code"}, "client_id": {"app"}, "code": {code}, "code_verifier": {verifier},
				"redirect_uri": {"http://127.0.0.1/callback"},
			})
		}
		response, err := client.Get(next)
		if err != nil {
			p.t.Fatal(err)
		}
		page := bodyOf(p.t, response)
		if response.StatusCode == 200 && len(prompts) > 0 {
			form := formOf.FindStringSubmatch(page)
			if form == nil {
				p.t.Fatalf("the page has no form: %s", page)
			}
			response, page = p.post(client, strings.TrimPrefix(form[1], p.url), prompts[0])
			prompts = prompts[1:]
		}
		to, err := response.Location()
		if err != nil {
			p.t.Fatalf("%s answers %d %s", next, response.StatusCode, page)
		}
		next = to.String()
	}
}
