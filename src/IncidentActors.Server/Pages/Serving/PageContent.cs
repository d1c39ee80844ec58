namespace IncidentActors.Server.Pages.Serving;

/// <summary>What a page shows below the shell.</summary>
/// <param name="Component">A <see cref="PageView{TModel}"/> of the model's type.</param>
public sealed record PageContent(string Title, Type Component, object Model, int Status = StatusCodes.Status200OK)
{
    /// <summary>Another path of this server to go to instead, or null.</summary>
    public string? Location { get; private init; }

    public static PageContent Of<TComponent, TModel>(string title, TModel model)
        where TComponent : PageView<TModel>
        where TModel : class => new(title, typeof(TComponent), model);

    /// <summary>What the page is about does not exist.</summary>
    public static PageContent Missing(string sentence) => Plain("Not found", sentence, StatusCodes.Status404NotFound);

    /// <summary>Go there instead.</summary>
    public static PageContent SeeOther(string path) => Plain("Elsewhere", path, StatusCodes.Status303SeeOther) with { Location = path };

    /// <summary>A sentence instead of a page.</summary>
    public static PageContent Plain(string title, string sentence, int status) =>
        new(title, typeof(PlainPage), new PlainModel(title, sentence), status);
}

/// <summary>A page of nothing but a sentence.</summary>
public sealed record PlainModel(string Title, string Sentence);
