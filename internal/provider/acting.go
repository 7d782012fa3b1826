package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// deed is something that Seam does to one object, and that is over with it.
type deed struct {
	name        string // as in the type name: a verb and its object
	description string
	target      string // the argument that names the object
	targetIs    string // its description
	timeout     time.Duration
	do          func(client *seam.Client, ctx context.Context, id string, e seam.ActionOptions) error //nolint:revive // a method of the client
}

// act is the action of a deed. It returns when the deed is done, or proven where that
// matters.
type act struct {
	deed
	client *seam.Client
}

var _ action.ActionWithConfigure = (*act)(nil)

func (a *act) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.name
}

func (a *act) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: a.description,
		Attributes: map[string]schema.Attribute{
			a.target: schema.StringAttribute{MarkdownDescription: a.targetIs, Required: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: fmt.Sprintf("How long the action may take, such as `90s`; %v by default.", minutes(a.timeout)),
			}),
		},
	}
}

func (a *act) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.client, _ = req.ProviderData.(*seam.Client)
}

func (a *act) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var id types.String
	var limit timeouts.Value
	if !decodeAt(ctx, &resp.Diagnostics, req.Config, a.target, &id) || !decodeAt(ctx, &resp.Diagnostics, req.Config, "timeouts", &limit) || !configured(a.client, &resp.Diagnostics) {
		return
	}
	timeout, d := limit.Invoke(ctx, a.timeout)
	resp.Diagnostics.Append(d...)
	progress, quiet := keepTelling(ctx, resp.SendProgress)
	err := within(ctx, timeout, a.client.CheckConfiguredWorkspace)
	if err == nil {
		err = a.do(a.client, ctx, id.ValueString(), seam.ActionOptions{Timeout: timeout, Progress: progress, Warn: func(summary, detail string) { resp.Diagnostics.AddWarning(summary, detail) }})
	}
	quiet()
	if err != nil {
		verb, noun, _ := strings.Cut(a.name, "_")
		report(&resp.Diagnostics, title(verb, noun), err, map[string]string{a.target: a.targetIs})
	}
}

// silence is how long an action may say nothing.
const silence = 10 * time.Second

// keepTelling passes messages on one at a time, and says that it goes on when there has
// been none for a while. It is over when quiet is called.
func keepTelling(ctx context.Context, send func(action.InvokeProgressEvent)) (progress func(string), quiet func()) {
	messages, over := make(chan string), make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	start := time.Now()
	go func() {
		defer close(over)
		for {
			timer := time.NewTimer(silence)
			select {
			case message := <-messages:
				send(action.InvokeProgressEvent{Message: message})
			case <-timer.C:
				send(action.InvokeProgressEvent{Message: fmt.Sprintf("Still waiting after %v.", time.Since(start).Round(time.Second))})
			case <-ctx.Done():
				timer.Stop()
				return
			}
			timer.Stop()
		}
	}()
	progress = func(message string) {
		select {
		case messages <- message:
		case <-ctx.Done():
		}
	}
	return progress, func() { cancel(); <-over }
}
