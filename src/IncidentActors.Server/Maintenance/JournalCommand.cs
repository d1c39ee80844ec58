using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Maintenance;

/// <summary>
/// <c>incident journal …</c>: works on the store itself, because what is to be checked or moved is often a journal that no server runs on.
/// </summary>
internal static class JournalCommand
{
    public const string Help =
        """
        incident journal verify        [--data FOLDER | --journal STRING]
        incident journal export FILE   [--data FOLDER | --journal STRING]
        incident journal import FILE   [--data FOLDER | --journal STRING]     the journal must be empty
        incident journal rebuild-views (--to-data FOLDER | --to-journal STRING) [--data FOLDER | --journal STRING]

        verify         gap-free versions, views = fold of the events, no orphaned effect; exit 1 where it is not so
        export         everything as lines of JSON, the same from SQLite and PostgreSQL; FILE may be - for the terminal
        import         fills an empty journal, all or nothing
        rebuild-views  writes a new journal with the same events, and documents, claims, inboxes and halts made from them; the
                       source is only read

        Access tokens (their hashes), webhook subscriptions (with their secrets), what is still to be delivered and where traces
        began move with the journal; leases do not. Keep an export as you keep a password, and stop the old servers before
        the new ones start: both would deliver.

        SQLite belongs to one process at a time: stop its server first. --data defaults to ./data.
        """;

    /// <summary>The exit code.</summary>
    /// <exception cref="StartFailure">Arguments that are not understood, or a journal that cannot be opened.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancel)
    {
        var arguments = JournalArguments.Parse(args);
        await using var journal = await Journals.OpenAsync(arguments.Source, cancel);
        var source = (IJournalMaintenance)journal;
        try
        {
            switch (arguments.Verb)
            {
                case "verify":
                    return await VerifyAsync(journal.Description, source, cancel);
                case "export":
                    await ExportAsync(journal, arguments.File!, cancel);
                    return (int)ExitCode.Stopped;
                case "import":
                    await ImportAsync(journal, arguments.File!, cancel);
                    return await VerifyAsync(journal.Description, source, cancel);
                default:
                    await using (var target = await Journals.OpenAsync(arguments.Target!, cancel))
                    {
                        var lines = JournalRebuild.RunAsync(() => source.ReadAllAsync(cancel), cancel);
                        var records = await JournalRecords.ReadAsync(journal, cancel);
                        await JournalRecords.WriteAsync(target, records, lines, cancel);
                        Console.WriteLine($"rebuilt into {target.Description}, with {JournalRecords.Described(records)}");
                        return await VerifyAsync(target.Description, (IJournalMaintenance)target, cancel);
                    }
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException or JournalUnavailableException)
        {
            throw new StartFailure(ExitCode.Journal, error.Message);
        }
    }

    private static async Task<int> VerifyAsync(string description, IJournalMaintenance journal, CancellationToken cancel)
    {
        var verified = await JournalVerification.RunAsync(journal.ReadAllAsync(cancel), cancel);
        foreach (var problem in verified.Problems) Console.WriteLine($"✗ {problem}");
        Console.WriteLine(verified.Problems.Count == 0
            ? $"✓ {description} is whole: {verified.Events} events of {verified.Actors} actors, {verified.Effects} effects to come"
            : $"{description} is not whole: {verified.Problems.Count} problems in {verified.Events} events of {verified.Actors} actors");
        return verified.Problems.Count == 0 ? (int)ExitCode.Stopped : (int)ExitCode.Failed;
    }

    private static async Task ExportAsync(IJournal journal, string file, CancellationToken cancel)
    {
        var records = await JournalRecords.ReadAsync(journal, cancel);
        var lines = WithRecordsAsync((IJournalMaintenance)journal, records, cancel);
        if (file == "-")
        {
            await using var terminal = Console.OpenStandardOutput();
            await JournalLines.WriteAsync(lines, terminal, cancel);
            return;
        }

        // Whole or not at all: under another name until everything is there. Secrets are in it, so it is the owner's alone.
        var partial = file + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var to = new FileStream(partial, options)) await JournalLines.WriteAsync(lines, to, cancel);
        File.Move(partial, file, overwrite: true);
        Console.WriteLine($"exported {journal.Description}, with {JournalRecords.Described(records)}");
    }

    private static async Task ImportAsync(IJournal journal, string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        await using var lines = JournalLines.ReadAsync(file, cancel).GetAsyncEnumerator(cancel);
        var (begin, records) = (new List<JournalLine>(), new List<RecordLine>());
        while (begin.Count < 2 && await lines.MoveNextAsync())
        {
            if (lines.Current is RecordLine record) records.Add(record);
            else begin.Add(lines.Current);
        }

        await JournalRecords.WriteAsync(journal, records, RestAsync(begin, lines), cancel);
        Console.WriteLine($"imported into {journal.Description}, with {JournalRecords.Described(records)}");
    }

    private static async IAsyncEnumerable<JournalLine> RestAsync(IReadOnlyList<JournalLine> begin, IAsyncEnumerator<JournalLine> lines)
    {
        foreach (var line in begin) yield return line;
        while (await lines.MoveNextAsync()) yield return lines.Current;
    }

    /// <summary>The journal's lines with the records behind the header.</summary>
    private static async IAsyncEnumerable<JournalLine> WithRecordsAsync(
        IJournalMaintenance journal, IReadOnlyList<RecordLine> records, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in journal.ReadAllAsync(cancel))
        {
            yield return line;
            if (line is not HeaderLine) continue;
            foreach (var record in records) yield return record;
        }
    }
}
