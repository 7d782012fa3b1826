package core

import (
	"cmp"
	"context"
	"iter"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// API has the API calls of a noun. It is a [seam.Endpoint], or a type that embeds one and overrides
// some calls. An object that Create returns with an error may exist, and gets into the state.
type API[T, In any] interface {
	Create(ctx context.Context, client *seam.Client, in In) (T, error)
	Get(ctx context.Context, client *seam.Client, ref seam.Ref) (T, error)
	Refresh(ctx context.Context, client *seam.Client, ref seam.Ref) (T, error)
	GetBy(ctx context.Context, client *seam.Client, attribute, value string) (T, error)
	Update(ctx context.Context, client *seam.Client, ref seam.Ref, in In) (T, error)
	Delete(ctx context.Context, client *seam.Client, ref seam.Ref) error
	List(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[T, error]
}

// Noun declares the resource, the data source and the list resource of one kind of object. M is the
// model, which embeds [Managed]; T is the response object; In is the input of a write.
//
// The data source and the list are derived from the resource, so there is one schema and one
// conversion. Exceptions are composed, not configured: to change one API call, embed the Endpoint
// in a type and override the method (API); to write a read or a delete that needs the model, give the
// model a Read or a Delete; to write all verbs yourself, use [DeclareModel].
//
// An attribute <Name>_key is a unique, user-defined key: the data source can look up by it, and
// key:<key> is an import ID.
type Noun[M any, T seam.Object, In any] struct {
	Name, Plural string // as in type names
	Doc          string // description of the resource and the data source
	ResourceDoc  string // appended to Doc for the resource
	ListDoc      string
	API          API[T, In]
	Identity     []string                    // attributes that identify an object; the ID by default
	Attributes   map[string]schema.Attribute // added to those of Managed, or replacing them
	ResourceOnly []string                    // attributes that the data source lacks, because Seam does not return them
	Filters      map[string]string           // parameters of the list request, with descriptions
	FromAPI      func(m *M, object T)        // sets everything except Managed
	ToAPI        func(m, prior *M) In        // the difference from prior, which is empty for a new object
	Label        func(object T) string       // display name; may be empty
}

// reader is a model that reads its object itself.
type reader[M any] interface {
	Read(ctx context.Context, op *Request[M]) error
}

// deleter is a model that deletes its object itself.
type deleter[M any] interface {
	Delete(ctx context.Context, op *Request[M]) error
}

// unfinisher is a deleter that may have to be called again after the object is gone.
type unfinisher[M any] interface {
	Unfinished(ctx context.Context, op *Request[M]) bool
}

// Declared has the constructors that a Noun declares.
type Declared struct {
	Resource     func() resource.Resource
	DataSource   func() datasource.DataSource
	ListResource func() list.ListResource
}

// Declare declares a noun whose verbs call its API.
func Declare[M any, T seam.Object, In any, P managedModel[M]](n Noun[M, T, In]) Declared {
	noun := &noun[M, P, T, In]{n}
	return noun.declared(noun)
}

// DeclareModel declares a noun whose model implements the verbs.
func DeclareModel[M any, T seam.Object, In any, P interface {
	managedModel[M]
	ResourceModel[M]
}](n Noun[M, T, In]) Declared {
	noun := &noun[M, P, T, In]{n}
	return noun.declared(modelVerbs[M, P]{})
}

type noun[M any, P managedModel[M], T seam.Object, In any] struct{ Noun[M, T, In] }

func (n *noun[M, P, T, In]) declared(verbs verbs[M]) Declared {
	return Declared{
		Resource: func() resource.Resource {
			r := &managedResource[M]{name: n.Name, schema: n.schema, identity: n.identity(), verbs: verbs}
			if n.key() != "" {
				r.findKey = func(ctx context.Context, client *seam.Client, key string) (string, error) {
					found, err := n.API.GetBy(ctx, client, n.key(), key)
					return found.ObjectID(), err
				}
			}
			return completeResource(r)
		},
		DataSource:   func() datasource.DataSource { return n.dataSource() },
		ListResource: func() list.ListResource { return n.listResource() },
	}
}

func (n *noun[M, P, T, In]) schema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: strings.TrimSpace(n.Doc + " " + n.ResourceDoc),
		Attributes:          ManagedAttributes(ctx, n.label(), n.Attributes),
	}
}

func (n *noun[M, P, T, In]) identity() identity {
	if n.Identity == nil {
		return identityByID
	}
	return n.Identity
}

// key is the name of the key attribute; empty if there is none.
func (n *noun[M, P, T, In]) key() string {
	if _, keyed := n.Attributes[n.Name+"_key"]; keyed {
		return n.Name + "_key"
	}
	return ""
}

// label is the noun as plain words.
func (n *noun[M, P, T, In]) label() string { return strings.ReplaceAll(n.Name, "_", " ") }

func (n *noun[M, P, T, In]) create(ctx context.Context, m *M, op *Request[M]) error {
	made, err := n.API.Create(ctx, op.Client, n.ToAPI(m, new(M)))
	if err != nil && made.ObjectID() == "" {
		return err
	}
	return cmp.Or(err, n.fill(ctx, op.Client, m, made))
}

func (n *noun[M, P, T, In]) read(ctx context.Context, m *M, op *Request[M]) error {
	if own, ok := any(m).(reader[M]); ok {
		return own.Read(ctx, op)
	}
	now, err := n.API.Refresh(ctx, op.Client, P(m).managed().Ref())
	if err != nil {
		return n.readError(ctx, m, op, P(m).managed().ReadError(err))
	}
	return n.fill(ctx, op.Client, m, now)
}

// readError keeps an object that is gone in the state while its removal is not finished.
func (n *noun[M, P, T, In]) readError(ctx context.Context, m *M, op *Request[M], err error) error {
	own, ok := any(m).(unfinisher[M])
	if _, gone := asGone(err); !ok || !gone || !own.Unfinished(ctx, op) {
		return err
	}
	op.AddWarning("Removal not proven", err.Error()+"\n\nIt is not proven that all that belonged to it is gone as well. It stays in the state: run destroy again.")
	return nil
}

func (n *noun[M, P, T, In]) update(ctx context.Context, m *M, op *Request[M]) error {
	in := n.ToAPI(m, &op.Prior)
	if reflect.ValueOf(in).IsZero() { // for example, if only timeouts changed
		return n.read(ctx, m, op)
	}
	now, err := n.API.Update(ctx, op.Client, P(&op.Prior).managed().Ref(), in)
	if err != nil {
		return err
	}
	return n.fill(ctx, op.Client, m, now)
}

func (n *noun[M, P, T, In]) delete(ctx context.Context, m *M, op *Request[M]) error {
	if own, ok := any(m).(deleter[M]); ok {
		return own.Delete(ctx, op)
	}
	return WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return n.API.Delete(ctx, op.Client, P(m).managed().Ref())
	})
}

// fill sets the model from a response object.
func (n *noun[M, P, T, In]) fill(ctx context.Context, client *seam.Client, m *M, object T) error {
	workspace, err := client.Workspace(ctx)
	n.fromAPI(m, workspace, object)
	return err
}

func (n *noun[M, P, T, In]) fromAPI(m *M, workspace string, object T) {
	P(m).managed().Identify(workspace, object.ObjectID())
	n.FromAPI(m, object)
}
