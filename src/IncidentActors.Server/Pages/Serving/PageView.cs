using Microsoft.AspNetCore.Components;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>A component that shows a model, which was read before: rendering does no I/O.</summary>
public abstract class PageView<TModel> : ComponentBase
    where TModel : class
{
    [Parameter, EditorRequired]
    public required TModel Model { get; set; }

    [CascadingParameter]
    public required PageRequest Request { get; set; }
}
