using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Json;
using Microsoft.Extensions.Primitives;

namespace IncidentActors.Server.Pages.Postmortems;

/// <summary>The form has a field for each section; the artifact has one text. Made one before the form is taken as any other.</summary>
internal static class PostmortemForm
{
    public const string Id = "postmortem";

    private const string Prefix = "section-";

    /// <summary>The name of a section's field.</summary>
    public static string Field(string heading) => Prefix + Markdown.Normalize(heading).Replace(' ', '-');

    /// <summary>Leaves every other form, and one that cannot be read, as it is.</summary>
    public static async Task ComposeAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > 2 * Body.DefaultLimit) return;
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return;
        }

        if (form["_form"] != Id) return;
        var sections = PostmortemDraft.Headings.Select(known => (known.Heading, form[Field(known.Heading)].FirstOrDefault()?.ReplaceLineEndings("\n")));
        var fields = form.Where(field => !field.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(field => field.Key, field => field.Value);
        fields["content"] = new StringValues(PostmortemDraft.Compose(form["title"].ToString(), sections));
        http.Request.Form = new FormCollection(fields);
    }
}
