package channeltest_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// call makes a request, reads up to four times.
func (d *demo) call(ctx context.Context, method, path string, in, out any) error {
	if d.has("ignored context") {
		ctx = context.WithoutCancel(ctx)
	}
	for try := 1; ; try++ {
		err := d.once(ctx, method, path, in, out)
		repeat := method == "GET" && mip.Repeatable(err) || d.has("write repeated blindly") && err != nil ||
			d.has("bad key tried again") && errors.Is(err, mip.ErrUnauthorized) && try < 20
		if !repeat || try >= 4 && !d.has("tries for ever") && !d.has("bad key tried again") || d.has("no retry") {
			return err
		}
		wait := max(time.Second<<min(try, 6), mip.RetryAfter(err))
		if d.has("ignored Retry-After") {
			wait = time.Second
		}
		if d.has("wait ignores context") {
			time.Sleep(wait)
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return &mip.Error{Op: "demo", Kind: mip.ErrUnavailable, Err: ctx.Err()}
		case <-t.C:
		}
	}
}

func (d *demo) once(ctx context.Context, method, path string, in, out any) error {
	headers := func() {} // called when they are there
	switch {
	case d.has("no time-out on the body"):
		waiting, cancel := context.WithCancel(ctx)
		ctx = waiting
		t := time.AfterFunc(30*time.Second, cancel)
		headers = func() { t.Stop() }
	case !d.has("no time-out"):
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
	}
	body, _ := json.Marshal(in)
	address := cmp.Or(d.at, "https://shop.test") + path
	if d.has("key in the URL") || d.has("key in the address too") {
		address += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "key=" + d.key.Reveal()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	req.Header.Set("X-Key", d.key.Reveal())
	doubt := mip.ErrUnavailable
	if method != "GET" {
		doubt = mip.ErrUnknown
	}
	client := *d.http
	if d.has("redirects are followed") {
		client.CheckRedirect = nil
	}
	res, err := client.Do(req)
	headers()
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok && !d.has("key in the URL") {
			err = u.Err
		}
		if d.has("lost answer is a refusal") {
			doubt = mip.ErrInvalid
		}
		return &mip.Error{Op: "demo: " + method, Kind: doubt, Err: err}
	}
	d.clock.Read(res.Header)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil && d.has("half an answer is an empty shop") {
		return json.Unmarshal([]byte(`{"orders":[],"ok":true}`), out)
	}
	if err != nil {
		return &mip.Error{Op: "demo: " + method, Kind: doubt, Err: err}
	}
	if d.has("body in the log") {
		d.log.Info("answer", "body", string(b))
	}
	return d.verdict(method, res, b, out, doubt)
}

func (d *demo) verdict(method string, res *http.Response, b []byte, out any, doubt error) error {
	e := &mip.Error{Op: "demo: " + method, Kind: doubt}
	if d.has("body in the error") {
		e.Err = errors.New(string(b))
	}
	if d.has("any answer in JSON is good") && json.Unmarshal(b, out) == nil {
		return nil
	}
	if more := append(bytes.Clone(b), '}'); d.has("a list that is cut off is whole") && json.Valid(more) {
		b = more
	}
	switch s := res.StatusCode; {
	case s == 200 && !(method != "GET" && d.has("a conflict on every write")):
		err := json.Unmarshal(b, out)
		if err == nil || d.has("web page as an empty shop") {
			return nil
		}
		if method == "GET" {
			e.Kind = mip.ErrContract
		}
		return e
	case (s == 401 || s == 403) && !d.has("bad key is unavailable"):
		e.Kind = mip.ErrUnauthorized
	case (s == 404 || s == 410) && !json.Valid(b) && !d.has("any 404 is a missing order"): // a stranger's word
	case s == 404 && !d.has("not found is unavailable"):
		e.Kind = mip.ErrNotFound
	case s == 429:
		e.Kind = mip.ErrThrottled
		e.RetryAfter = d.asked(res.Header.Get("Retry-After"))
		if d.has("throttled is invalid") {
			e.Kind = mip.ErrInvalid
		}
	case method != "GET" && d.has("a conflict on every write"):
		e.Kind = mip.ErrConflict
	case s == 409 && d.has("a conflict is success"):
		return json.Unmarshal([]byte(`{"ok":true}`), out)
	case s == 409:
		e.Kind = mip.ErrConflict
	case s >= 400 && s < 500 && s != 401 && s != 404 && s != 408:
		e.Kind = mip.ErrInvalid
	case s >= 500 && d.has("server error is a refusal"):
		e.Kind = mip.ErrRefused
	}
	return e
}

// asked reads Retry-After, in seconds or as a date, and believes an hour.
func (d *demo) asked(value string) time.Duration {
	wait := time.Duration(0)
	if secs, err := strconv.Atoi(value); err == nil {
		wait = time.Duration(max(secs, 0)) * time.Second
	} else if at, err := http.ParseTime(value); err == nil && !d.has("Retry-After as a date is ignored") {
		wait = time.Until(at.Add(time.Second))
	}
	if d.has("Retry-After is believed whatever it says") {
		return wait
	}
	return min(max(wait, 0), time.Hour)
}
