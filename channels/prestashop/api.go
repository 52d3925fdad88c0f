package prestashop

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// query is the query of a call, one value per name.
type query map[string]string

// nodes are the names of lists in answers, where they are not the resource's.
var nodes = map[string]string{"order_slip": "order_slips"}

// list reads rows of a resource.
func (s *Shop) list(ctx context.Context, resource string, q query) (rows rest.Rows[row], err error) {
	q["output_format"] = "JSON"
	_, err = s.do(ctx, rest.Call{Path: "/" + resource, Query: s.params(q), Out: &rows})
	return rows, err
}

// decode reads the answer to a list: an object with the rows under the
// resource's name, or [] if there are none. Anything else is no list.
func (s *Shop) decode(call rest.Call, r rest.Response) error {
	rows, name := call.Out.(*rest.Rows[row]), strings.TrimPrefix(call.Path, "/")
	var refusals json.RawMessage
	err := rest.DecodeLoose(r.Body, rest.Members{name: rows, cmp.Or(nodes[name], name): rows, "errors": &refusals})
	var none []any
	switch {
	case errors.Is(err, rest.ErrNotJSON), refusals != nil && errorCode(r.Body) != "":
		return coded(mip.ErrUnavailable, errorCode(r.Body), r)
	case *rows == nil && rest.DecodeLoose(r.Body, &none) == nil && len(none) == 0:
		return nil
	case *rows == nil || refusals != nil:
		return errors.New("the answer is no list")
	}
	return err
}

// save writes a resource, which must be whole: what is left out is emptied. An
// id makes it a change, none a new one. Writes are XML, the shop takes nothing
// else. A change may be repeated after proof that it was not executed.
func (s *Shop) save(ctx context.Context, resource, node string, fields row, mail bool) error {
	call := rest.Call{Method: http.MethodPost, Path: "/" + resource, Body: document(node, fields), Repeat: true,
		Header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Accept": {"text/xml"}}}
	if id := string(fields["id"]); id != "" {
		call.Method, call.Path, call.Vars = http.MethodPut, "/"+resource+"/{id}", rest.Vars{"id": id}
	}
	q := query{}
	if mail && !s.config.Quiet {
		q["sendemail"] = "1"
	}
	call.Query = s.params(q)
	answer, err := s.do(ctx, call)
	if err != nil {
		return err
	}
	if !shows(answer.Body, node) {
		return &mip.Error{Op: "prestashop: " + call.Name(), Kind: mip.ErrUnknown, Err: errors.New("the answer does not show what was written")}
	}
	return nil
}

// shows reports whether the answer to a write has the resource with an id, as
// every one has.
func shows(body []byte, node string) bool {
	var answer struct {
		Any []struct {
			XMLName xml.Name
			ID      string `xml:"id"`
		} `xml:",any"`
	}
	at := bytes.Index(body, []byte("<prestashop"))
	return at >= 0 && xml.Unmarshal(body[at:], &answer) == nil && len(answer.Any) == 1 &&
		answer.Any[0].XMLName.Local == node && isID(strings.TrimSpace(answer.Any[0].ID))
}

// document writes a resource in XML. What is no scalar stays out: the shop has
// setters for none of those. So does the date that is none, which it sends but
// does not take.
func document(node string, fields row) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header + "<prestashop><" + node + ">")
	for _, name := range fields.names() {
		value := fields[name]
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || strings.HasPrefix(string(value), "[{") || name == "associations" || value == noDate {
			continue
		}
		b.WriteString("<" + name + ">")
		_ = xml.EscapeText(&b, []byte(value)) // a buffer takes everything
		b.WriteString("</" + name + ">")
	}
	b.WriteString("</" + node + "></prestashop>")
	return b.Bytes()
}

// params adds the shop of a multistore.
func (s *Shop) params(q query) url.Values {
	out := url.Values{}
	for k, v := range q {
		out.Set(k, v)
	}
	if s.config.ShopID != 0 {
		out.Set("id_shop", strconv.Itoa(s.config.ShopID))
	}
	if s.config.ShopGroup != 0 {
		out.Set("id_group_shop", strconv.Itoa(s.config.ShopGroup))
	}
	return out
}

// do makes one call.
func (s *Shop) do(ctx context.Context, c rest.Call) (answer rest.Response, err error) {
	release, err := s.slots.Take(ctx)
	if err != nil {
		return answer, err
	}
	defer release()
	c.Reply, c.Budget = &answer, "shop"
	return answer, s.api.Do(ctx, c)
}

// classify tells the webservice's refusals from what firewalls, proxies and
// crashed modules answer in its place. Nothing but the codes is read, since the
// words are in the shop's language. No 404 counts as a missing order.
func (s *Shop) classify(call rest.Call, r rest.Response) error {
	s.readClock(r)
	if r.Status >= 200 && r.Status < 300 {
		return nil // decode judges it
	}
	code := errorCode(r.Body)
	switch {
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusTooManyRequests, r.Status == http.StatusRequestTimeout, r.Status >= 500:
		return coded(rest.KindOfStatus(r.Status, call.Writes()), code, r)
	case r.Status == http.StatusMethodNotAllowed && code == "25":
		return coded(mip.ErrUnauthorized, code, r)
	case code == "" && call.Writes(): // a 404 too: hosts show it in place of any error
		return coded(mip.ErrUnknown, "", r)
	case r.Status == http.StatusNotFound && call.Writes():
		return coded(mip.ErrUnavailable, code, r) // nothing there to write to: certainly not done
	case code == "":
		return coded(mip.ErrUnavailable, "", r)
	case r.Status == http.StatusNotFound:
		return coded(mip.ErrContract, code, r)
	}
	return coded(rest.KindOfStatus(r.Status, call.Writes()), code, r)
}

// errorCode returns the code of the first error in a JSON or XML answer, empty
// if it has none.
func errorCode(body []byte) string {
	var inJSON struct{ Errors []struct{ Code text } }
	if err := rest.DecodeLoose(body, &inJSON); err == nil && len(inJSON.Errors) > 0 {
		return digits(string(inJSON.Errors[0].Code))
	} else if !errors.Is(err, rest.ErrNotJSON) {
		return ""
	}
	var inXML struct {
		Codes []string `xml:"errors>error>code"`
	}
	if at := bytes.Index(body, []byte("<prestashop")); at >= 0 && xml.Unmarshal(body[at:], &inXML) == nil && len(inXML.Codes) > 0 {
		return digits(strings.TrimSpace(inXML.Codes[0]))
	}
	return ""
}

// digits returns s if it is a code; an answer is never quoted.
func digits(s string) string {
	if len(s) > 6 || strings.Trim(s, "0123456789") != "" {
		return "0"
	}
	return s
}

func coded(kind error, code string, r rest.Response) error {
	return &mip.Error{Kind: kind, Code: code, Err: fmt.Errorf("status %d", r.Status)}
}

// readClock learns the shop's clock, from the shop rather than from a proxy.
func (s *Shop) readClock(r rest.Response) {
	if unix, err := strconv.ParseInt(r.Header.Get("Access-Time"), 10, 64); err == nil {
		s.clock.See(time.Unix(unix, 0))
		return
	}
	s.clock.Read(r.Header)
}
