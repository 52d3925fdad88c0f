package magentest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// answer is a response under construction.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newAnswer() *answer { return &answer{status: http.StatusOK, header: http.Header{}} }

func (a *answer) send(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func (a *answer) json(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic("magentest: " + err.Error())
	}
	a.status, a.body = status, b
	a.header.Set("Content-Type", "application/json; charset=utf-8")
}

func (a *answer) page(status int) {
	a.status, a.body = status, []byte(errorPage)
	a.header.Set("Content-Type", "text/html; charset=UTF-8")
}

// failure is Magento's one shape of error. The message has placeholders, and
// the parameters that fill them are a list or an object.
type failure struct {
	status     int
	Message    string `json:"message"`
	Parameters any    `json:"parameters,omitempty"`
}

func refusal(status int, message string, parameters any) *failure {
	return &failure{status, message, parameters}
}

// Messages that stand in one place here and several there.
const (
	noEntity = "The entity that was requested doesn't exist. Verify the entity and try again."
	noStore  = "The store that was requested wasn't found. Verify the store and try again."
	noRoute  = "Request does not match any route."
)

var german = map[string]string{
	noEntity: "Die angeforderte Einheit existiert nicht. Überprüfen Sie die Einheit und versuchen Sie es erneut.",
	noStore:  "Der angeforderte Store wurde nicht gefunden. Überprüfen Sie den Store und versuchen Sie es erneut.",
	noRoute:  "Die Anfrage entspricht keiner Route.",
}

func (c *call) refuse(f *failure) {
	if t := german[f.Message]; t != "" && c.cfg.Translated {
		f.Message = t
	}
	c.json(f.status, f)
}

// plain writes a query as people read it.
func plain(q url.Values) string {
	s, err := url.QueryUnescape(q.Encode())
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(s, "&", " & ")
}
