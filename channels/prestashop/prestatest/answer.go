package prestatest

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // what the header is
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// answer is a response under construction.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) send(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	maps.Copy(h, a.header)
	h.Set("Date", now.Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// reply sends what the webservice itself says, with its headers.
func (c *call) reply(status int, body []byte) {
	c.answer.status, c.answer.body = status, body
	h := c.answer.header
	if h.Set("Content-Type", "text/xml;charset=utf-8"); c.json {
		h.Set("Content-Type", "application/json")
	}
	sum := sha1.Sum(body) //nolint:gosec // see above
	h.Set("Content-Sha1", hex.EncodeToString(sum[:]))
	h.Set("PSWS-Version", c.cfg.Version)
	h.Set("Execution-Time", "0.042")
	h.Set("Access-Time", strconv.FormatInt(c.now().Unix(), 10))
}

// plain sends what leaks past the webservice.
func (c *call) plain(status int, body string) {
	c.answer.status, c.answer.body = status, []byte(body)
	c.answer.header.Set("Content-Type", "text/html; charset=utf-8")
}

// messages of the refusals, by language and code. Clients are tempted to
// compare them.
var messages = map[string]map[int]string{
	"pl": {20: "Klucz nie jest aktywny", 21: "Brak uprawnień dla klucza", 23: "Metoda jest nieprawidłowa", 25: "Metoda nie jest dozwolona dla tego klucza",
		26: "Zasób nie jest dozwolony", 27: "Zasób nie istnieje", 32: "Ten filtr nie istnieje", 34: "Pole jest dynamiczne", 38: "Nie można filtrować według tego pola",
		41: "Brakuje wymaganego pola", 85: "Błąd walidacji", 127: "Błąd XML"},
	"de": {20: "Der Schlüssel ist nicht aktiv", 21: "Keine Berechtigung für diesen Schlüssel", 23: "Die Methode ist ungültig", 32: "Dieser Filter existiert nicht",
		85: "Fehler bei der Prüfung", 127: "XML-Fehler"},
}

// refuse answers with a code and words in the shop's language.
func (c *call) refuse(status, code int, words string) {
	if m, ok := messages[c.cfg.Language][code]; ok {
		words = m
	}
	if c.json {
		b, _ := json.Marshal(map[string]any{"errors": []any{map[string]any{"code": code, "message": words}}})
		c.reply(status, b)
		return
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<prestashop xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n<errors>\n<error>\n<code>")
	cdata(&b, strconv.Itoa(code))
	b.WriteString("</code>\n<message>")
	cdata(&b, words)
	b.WriteString("</message>\n</error>\n</errors>\n</prestashop>\n")
	c.reply(status, b.Bytes())
}

func cdata(b *bytes.Buffer, s string) {
	b.WriteString("<![CDATA[")
	b.Write(bytes.ReplaceAll([]byte(s), []byte("]]>"), []byte("]]]]><![CDATA[>")))
	b.WriteString("]]>")
}

// show answers with rows: a list, or with one the resource itself. Nothing in
// a list is [] in JSON.
func (c *call) show(status int, t *table, rows []map[string]any, single bool) {
	if !c.json {
		c.reply(status, c.inXML(t, rows, single))
		return
	}
	var v any = map[string]any{t.list: rows}
	switch {
	case single:
		v = map[string]any{t.node: rows[0]}
	case len(rows) == 0:
		v = []any{}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("prestatest: " + err.Error())
	}
	c.reply(status, b)
}

func (c *call) inXML(t *table, rows []map[string]any, single bool) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header + "<prestashop xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n")
	if !single {
		b.WriteString("<" + t.list + ">\n")
	}
	for _, r := range rows {
		if id := c.query.Get("display"); !single && id == "" {
			b.WriteString("<" + t.node + " id=\"" + word(r["id"]) + "\" xlink:href=\"" + or(c.cfg.URL, DefaultURL) + "/api/" + t.name + "/" + word(r["id"]) + "\"/>\n")
			continue
		}
		b.WriteString("<" + t.node + ">\n")
		fieldsXML(&b, r)
		b.WriteString("</" + t.node + ">\n")
	}
	if !single {
		b.WriteString("</" + t.list + ">\n")
	}
	b.WriteString("</prestashop>\n")
	return b.Bytes()
}

func fieldsXML(b *bytes.Buffer, r map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		b.WriteString("<" + name + ">")
		switch v := r[name].(type) {
		case []map[string]any: // languages
			for _, l := range v {
				b.WriteString("<language id=\"" + word(l["id"]) + "\">")
				cdata(b, word(l["value"]))
				b.WriteString("</language>")
			}
		case map[string]any: // associations
			rows, _ := v["order_rows"].([]map[string]any)
			b.WriteString("<order_rows>")
			for _, line := range rows {
				b.WriteString("<order_row>")
				fieldsXML(b, line)
				b.WriteString("</order_row>")
			}
			b.WriteString("</order_rows>")
		default:
			cdata(b, word(v))
		}
		b.WriteString("</" + name + ">\n")
	}
}

func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case json.Number:
		return v.String()
	}
	return ""
}
