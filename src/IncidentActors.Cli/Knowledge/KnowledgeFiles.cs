using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using Spectre.Console;

namespace IncidentActors.Cli.Knowledge;

/// <summary>Moves entries between the server and Markdown files.</summary>
internal static class KnowledgeFiles
{
    /// <summary>Every file is tried; the exit code is that of the first that was refused.</summary>
    public static async Task<int> ImportAsync(Line line, IEnumerable<string> paths, CancellationToken cancel)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) files.AddRange(Directory.GetFiles(path, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
            else if (File.Exists(path)) files.Add(path);
            else return line.Fail(ExitCodes.NotFound, $"There is no file or folder {path}.");
        }

        if (files.Count == 0) return line.Fail(ExitCodes.NotFound, "There is no Markdown file (*.md).");
        var worst = ExitCodes.Ok;
        foreach (var (index, file) in files.Index())
        {
            var body = JsonParts.Body(("name", Path.GetFileName(file)), ("text", await File.ReadAllTextAsync(file, cancel)));
            var sent = await line.SendAsync("/api/knowledge", body, $"{line.Key}:{index}", cancel);
            var exit = line.Show(sent, answer => KnowledgeText.Written(line, answer.Read<KnowledgeView>()));
            if (worst == ExitCodes.Ok) worst = exit;
            if (exit is ExitCodes.Unreachable or ExitCodes.Unavailable) break;
        }

        return worst;
    }

    /// <summary>Every entry as <c>ID.md</c>, page by page.</summary>
    public static async Task<int> ExportAsync(Line line, string folder, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var written = 0;
            for (string? cursor = null; ;)
            {
                var answer = await line.Server.GetAsync($"/api/knowledge{Paths.Query(("limit", "100"), ("cursor", cursor))}", cancel);
                if (!answer.Ok) return line.Show(answer, _ => { });
                var page = answer.Json();
                foreach (var entry in page.Items().Select(one => one.Deserialize<KnowledgeView>(CoreJson.Options)!.Entry))
                {
                    await File.WriteAllTextAsync(Path.Combine(folder, $"{entry.Id}.md"), KnowledgeFile.Format(entry), cancel);
                    written++;
                }

                cursor = page.Text("next");
                if (cursor is null) break;
            }

            if (line.Json) line.PrintJson(JsonParts.Body(("folder", folder), ("entries", written)).ToJsonString());
            else line.Screen.MarkupLineInterpolated($"{written} {(written == 1 ? "entry" : "entries")} written to {folder}");
            return ExitCodes.Ok;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return line.Fail(ExitCodes.Refused, $"{folder} cannot be written: {error.Message}");
        }
    }
}
