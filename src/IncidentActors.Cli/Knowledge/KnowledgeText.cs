using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using Spectre.Console;

namespace IncidentActors.Cli.Knowledge;

/// <summary>Knowledge entries on the terminal.</summary>
internal static class KnowledgeText
{
    public static void List(Line line, JsonElement page)
    {
        var found = page.Items().Select(one => one.Deserialize<KnowledgeView>(CoreJson.Options)!).ToList();
        var table = new ListTable("id", "date", "category", "priority", "incident", "tags", "title");
        foreach (var entry in found.Select(view => view.Entry))
        {
            table.AddRow(
                Words.Text(entry.Id), entry.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Words.Text(entry.Category), Words.Text(entry.Priority),
                Words.Text(entry.IncidentId), Words.Text(string.Join(", ", entry.Tags)), Words.Text(entry.Title));
        }

        line.Screen.Write(table);
    }

    public static void Written(Line line, KnowledgeView view) =>
        line.Screen.MarkupLineInterpolated($"[green]written[/] {view.Id} (version {view.Version}): {view.Entry.Title}");
}
