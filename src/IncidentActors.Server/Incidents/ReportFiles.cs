using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Incidents;

/// <summary>
/// Writes the files whose paths the reports print (<see cref="IncidentFiles"/>) below a folder, after every event of an incident. What was
/// written is known by a cursor in the folder: after a crash a file is written again as it was, and the chatroom holds each block once.
/// </summary>
internal sealed class ReportFiles(string folder, RunningEngine engine) : BackgroundService
{
    private const int PageSize = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private string CursorFile => Path.Combine(folder, ".tmp", "incidents", ".cursor");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stopped = Task.Delay(Timeout.Infinite, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var grown = engine.Feed.Next;
            try
            {
                if (await WriteNextAsync(stoppingToken)) continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JournalUnavailableException)
            {
                engine.Log.ReportsNotWritten(folder, error.Message);
                grown = stopped;
            }

            await Task.WhenAny(grown, Task.Delay(PollInterval, stoppingToken));
        }
    }

    /// <summary>Returns whether there may be more to write.</summary>
    private async Task<bool> WriteNextAsync(CancellationToken cancel)
    {
        var page = await engine.Journal.FeedAsync(File.Exists(CursorFile) ? await File.ReadAllTextAsync(CursorFile, cancel) : null, PageSize, null, cancel);
        if (page.Events.IsEmpty) return false;
        foreach (var incident in page.Events.Select(stored => stored.Incident).OfType<string>().Distinct())
        {
            if (await engine.Dossiers.FindAsync(incident, cancel) is not { } dossier) continue;
            foreach (var file in IncidentFiles.Of(dossier)) await WriteAsync(file, cancel);
        }

        await ReplaceAsync(CursorFile, page.Cursor, cancel);
        return true;
    }

    private async Task WriteAsync(IncidentFile file, CancellationToken cancel)
    {
        var path = Path.Combine([folder, .. file.Path.Split('/')]);
        if (!file.Append)
            await ReplaceAsync(path, file.Content, cancel);
        else if (!File.Exists(path) || !(await File.ReadAllTextAsync(path, cancel)).Contains(file.Content, StringComparison.Ordinal))
            await File.AppendAllTextAsync(path, file.Content, cancel);
    }

    /// <summary>A reader finds the old text or the new one, never a part.</summary>
    private static async Task ReplaceAsync(string path, string content, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():n}";
        await File.WriteAllTextAsync(unfinished, content, cancel);
        File.Move(unfinished, path, overwrite: true);
    }
}
