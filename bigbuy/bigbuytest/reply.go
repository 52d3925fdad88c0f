package bigbuytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

const (
	typeJSON = "application/json"
	typeHTML = "text/html; charset=UTF-8"
)

// reply is an answer before it is written. The zero value is none.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	gateway bool // written by what stands before the application: no limit headers
}

func (r *reply) merge(h http.Header) {
	for name, values := range h {
		r.header[name] = values
	}
}

func rawReply(status int, contentType string, body string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {contentType}}, body: []byte(body)}
}

func jsonReply(status int, v any) reply {
	r := rawReply(status, typeJSON, string(phpJSON(v)))
	// BigBuy's answers set session cookies that a client must not keep.
	r.header["Set-Cookie"] = []string{"BBSESSID=synthetic; path=/; HttpOnly", "secure_key=synthetic; path=/"}
	return r
}

func ok(v any) reply { return jsonReply(http.StatusOK, v) }

// phpJSON encodes v as PHP does by default: slashes escaped, nothing but ASCII.
func phpJSON(v any) []byte {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("bigbuytest: answer does not marshal: " + err.Error()) // own types only
	}
	var out bytes.Buffer
	for b := bytes.TrimSpace(plain.Bytes()); len(b) > 0; {
		c, size := utf8.DecodeRune(b)
		b = b[size:]
		switch {
		case c == '\\': // an escape: keep it as it is
			out.WriteByte('\\')
			out.WriteByte(b[0])
			b = b[1:]
		case c == '/':
			out.WriteString(`\/`)
		case c < utf8.RuneSelf:
			out.WriteByte(byte(c))
		case c > 0xffff:
			hi, lo := utf16.EncodeRune(c)
			fmt.Fprintf(&out, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&out, `\u%04x`, c)
		}
	}
	return out.Bytes()
}

func isJSON(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && t == typeJSON
}

// number is an amount as PHP prints a float: 4, 3.7, 12.34.
func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// fixed is an amount as a number with two decimals.
func fixed(d decimal.Decimal) json.Number { return json.Number(d.StringFixed(2)) }

// noisy is an amount with the tail that adding binary floats leaves behind:
// 9.81 becomes 9.809999999999999. It rounds to the cent it came from.
func noisy(d decimal.Decimal) json.Number {
	if d.IsZero() {
		return "0"
	}
	whole := int32(len(d.Truncate(0).Abs().String()))
	return json.Number(d.Sub(decimal.New(1, whole-16)).String())
}
