package prestatest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// trackable is what a tracking number may be made of.
var trackable = regexp.MustCompile(`^[~:#,%&_=()\[\].? +\-@/a-zA-Z0-9]*$`)

// script is what a text must not have: PrestaShop's isCleanHtml in short.
var script = regexp.MustCompile(`(?i)<\s*script|\bon(click|load|error|submit|change)\s*=|.*script:`)

// save makes or changes a row from XML, the one form that writes have.
func (c *call) save(t *table) {
	given, lines, err := parse(c.body, t.node)
	if err != nil {
		c.refuse(http.StatusInternalServerError, 127, "XML error : "+err.Error())
		return
	}
	r := maps.Clone(given)
	var old row
	if c.r.Method == http.MethodPost && given.text("id") != "" {
		c.refuse(http.StatusBadRequest, 91, "id is forbidden when adding a new resource")
		return
	}
	if c.r.Method != http.MethodPost {
		id := given.num("id")
		if id == 0 {
			id = c.id
		}
		if given.text("id") == "" {
			c.refuse(http.StatusBadRequest, 90, "id is required when modifying a resource")
			return
		}
		if old = t.rows[id]; old == nil || c.id > 0 && id != c.id {
			c.refuse(http.StatusNotFound, 92, "Invalid ID")
			return
		}
		if c.r.Method == http.MethodPatch {
			r = maps.Clone(old)
			maps.Copy(r, given)
		}
	}
	if !c.valid(t, r) {
		return
	}
	switch {
	case t.name == "order_histories" && old == nil:
		c.postState(t, r)
	case t.name == "orders" && old == nil:
		c.postOrder(t, r, given)
	default:
		c.store(t, r, old, lines)
	}
}

// parse reads one resource; a cart's rows come apart.
func parse(body []byte, node string) (row, []row, error) {
	var doc struct {
		Any []struct {
			XMLName xml.Name
			Fields  []struct {
				XMLName xml.Name
				Value   string `xml:",chardata"`
				Rows    []struct {
					Product  string `xml:"id_product"`
					Quantity string `xml:"quantity"`
				} `xml:"cart_rows>cart_row"`
			} `xml:",any"`
		} `xml:",any"`
		XMLName xml.Name
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&doc); err != nil {
		return nil, nil, errors.New("string could not be parsed as XML")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) || doc.XMLName.Local != "prestashop" || len(doc.Any) != 1 || doc.Any[0].XMLName.Local != node {
		return nil, nil, errors.New("invalid XML")
	}
	out, lines := row{}, []row(nil)
	for _, f := range doc.Any[0].Fields {
		if f.XMLName.Local != "associations" {
			out[f.XMLName.Local] = f.Value
		}
		for _, l := range f.Rows {
			lines = append(lines, row{"id_product": l.Product, "quantity": l.Quantity})
		}
	}
	return out, lines, nil
}

func (c *call) valid(t *table, r row) bool {
	for _, f := range t.required {
		if r.text(f) == "" {
			c.refuse(http.StatusBadRequest, 41, "parameter \""+f+"\" required")
			return false
		}
	}
	n := r.text("tracking_number")
	m := r.text("message")
	if t.name == "order_carriers" && (!trackable.MatchString(n) || len(n) > 64) || strings.HasPrefix(r.text("date_add"), "0000") ||
		t.name == "messages" && (len([]rune(m)) > 1600 || script.MatchString(m)) {
		c.refuse(http.StatusBadRequest, 85, "Validation error: \"Property is not valid\"")
		return false
	}
	return true
}

// store keeps the row as it was sent: what was left out is emptied. Unknown
// fields are dropped.
func (c *call) store(t *table, r, old row, lines []row) {
	for f := range r {
		if !t.has(f) {
			delete(r, f)
		}
	}
	id, status := 0, http.StatusCreated
	if old != nil {
		id, status = old.num("id"), http.StatusOK
	}
	now := c.local()
	if t.has("date_add") && r.text("date_add") == "" {
		r["date_add"] = now
	}
	if t.dates {
		r["date_upd"] = now
	}
	r = t.insert(id, r)
	switch {
	case t.name == "order_carriers" && old != nil && c.query.Get("sendemail") == "1":
		c.mails = append(c.mails, Mail{Order: r.num("id_order"), What: "in transit", Text: r.text("tracking_number")})
	case t.name == "orders" && r.text("current_state") != old.text("current_state"):
		c.putInto(r, r.text("current_state"))
	case t.name == "carts":
		for i, l := range lines {
			r["row "+strconv.Itoa(i)] = l.text("id_product") + " " + l.text("quantity")
		}
	}
	c.show(status, t, []map[string]any{c.render(t, r, nil)}, true)
}

// postState adds a row of history, always, with all that follows from it.
func (c *call) postState(t *table, r row) {
	o := c.tables["orders"].rows[r.num("id_order")]
	if o == nil || c.tables["order_states"].rows[r.num("id_order_state")] == nil {
		c.plain(http.StatusInternalServerError, "Unable to load the order or its state")
		return
	}
	made := c.putInto(o, r.text("id_order_state"))
	if c.query.Get("sendemail") == "1" {
		number := ""
		for _, slot := range c.tables["order_carriers"].where("id_order", o.text("id")) {
			number = or(number, slot.text("tracking_number"))
		}
		c.mails = append(c.mails, Mail{Order: o.num("id"), What: "state " + r.text("id_order_state"), Text: number})
	}
	c.show(http.StatusCreated, t, []map[string]any{c.render(t, made, nil)}, true)
}

// postOrder makes an order of a cart. Its state is not the one asked for: paid
// elsewhere if the total is the cart's to the cent, payment error if not. The
// answer only echoes what was sent.
func (c *call) postOrder(t *table, r, given row) {
	cart := c.tables["carts"].rows[r.num("id_cart")]
	if cart == nil {
		c.plain(http.StatusInternalServerError, "Cart cannot be loaded")
		return
	}
	var lines []Line
	sum := decimal.Zero
	for i := 0; cart.text("row "+strconv.Itoa(i)) != ""; i++ {
		product, quantity, _ := strings.Cut(cart.text("row "+strconv.Itoa(i)), " ")
		p, n := c.cfg.Products[c.atoi(product)], c.atoi(quantity)
		total := number(p.Price).Mul(decimal.New(int64(n), 0))
		sum = sum.Add(total)
		lines = append(lines, Line{Name: p.Name, Reference: or(p.Reference, "-"), Quantity: n, Total: total.String()})
	}
	state := RemotePaid
	if !sum.Equal(number(r.text("total_paid"))) {
		state = Failed
	}
	for f := range r {
		if !t.has(f) {
			delete(r, f)
		}
	}
	r["current_state"], r["date_add"], r["date_upd"], r["id_shop"] = strconv.Itoa(state), c.local(), c.local(), "1"
	r = t.insert(0, r)
	r["reference"] = letters(r.num("id"))
	c.addLines(Order{Lines: lines}, r.text("id"))
	c.tables["order_carriers"].insert(0, row{"id_order": r.text("id"), "id_carrier": r.text("id_carrier"), "date_add": c.local()})
	c.tables["order_histories"].insert(0, row{"id_order": r.text("id"), "id_order_state": strconv.Itoa(state), "date_add": c.local()})
	echo := map[string]any{"id": r.text("id")}
	for f, v := range given {
		echo[f] = v
	}
	c.show(http.StatusCreated, t, []map[string]any{echo}, true)
}
