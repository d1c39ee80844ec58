using IncidentActors.Server.Pages.Serving;
using Microsoft.AspNetCore.StaticFiles;

namespace IncidentActors.Server.Pages.Documents;

/// <param name="Files">The documents that the page lists beside this one, with their addresses.</param>
public sealed record DocumentModel(string Html, IReadOnlyList<(string Name, string Address, bool Shown)> Files);

internal static class DocumentPages
{
    private const string Root = "/docs";
    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>The overview first, then by title; without the decision records and the seeds.</summary>
    private static readonly (string File, string Title)[] Listed =
    [
        (BuiltInDocuments.First, "Overview"),
        .. BuiltInDocuments.Files
            .Where(file => file != BuiltInDocuments.First && BuiltInDocuments.IsDocument(file) && file.Count(c => c == '/') < 2)
            .Select(file => (file, BuiltInDocuments.Render(file, Address).Title))
            .OrderBy(one => one.Title, StringComparer.OrdinalIgnoreCase),
    ];

    public static void MapDocuments(this IEndpointRouteBuilder app)
    {
        app.MapPage(Root, _ => Task.FromResult(Show(BuiltInDocuments.First)));
        app.MapPage(Root + "/{**path}", request =>
        {
            var file = BuiltInDocuments.Files.FirstOrDefault(one => Address(one) == $"{Root}/{request.Route("path")}");
            return Task.FromResult(file is null ? PageContent.Missing("There is no such document.") : Show(file));
        });
        foreach (var picture in BuiltInDocuments.Files.Where(file => !BuiltInDocuments.IsDocument(file)))
            app.MapGet(Address(picture), http => PictureAsync(http, picture)).AsPage();
    }

    private static PageContent Show(string file)
    {
        var (title, html) = BuiltInDocuments.Render(file, Address);
        return PageContent.Of<DocumentPage, DocumentModel>(
            title, new DocumentModel(html, [.. Listed.Select(one => (one.Title, Address(one.File), one.File == file))]));
    }

    /// <summary><c>README.md</c> is at <c>/docs</c>, <c>docs/HALTS.md</c> at <c>/docs/HALTS</c>.</summary>
    private static string Address(string file)
    {
        if (file == BuiltInDocuments.First) return Root;
        var inside = file.StartsWith("docs/", StringComparison.Ordinal) ? file["docs/".Length..] : file;
        return $"{Root}/{(BuiltInDocuments.IsDocument(file) ? inside[..^".md".Length] : inside)}";
    }

    private static async Task PictureAsync(HttpContext http, string file)
    {
        PageRendering.Guard(http.Response);
        http.Response.ContentType = Types.TryGetContentType(file, out var type) ? type : "application/octet-stream";
        await http.Response.Body.WriteAsync(BuiltInDocuments.Read(file), http.RequestAborted);
    }
}
