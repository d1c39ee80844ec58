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
                    await ExportAsync(source, arguments.File!, cancel);
                    return (int)ExitCode.Stopped;
                case "import":
                    await using (var file = File.OpenRead(arguments.File!)) await source.WriteAllAsync(JournalLines.ReadAsync(file, cancel), cancel);
                    Console.WriteLine($"imported into {journal.Description}");
                    return await VerifyAsync(journal.Description, source, cancel);
                default:
                    await using (var target = await Journals.OpenAsync(arguments.Target!, cancel))
                    {
                        await ((IJournalMaintenance)target).WriteAllAsync(JournalRebuild.RunAsync(() => source.ReadAllAsync(cancel), cancel), cancel);
                        Console.WriteLine($"rebuilt into {target.Description}");
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

    private static async Task ExportAsync(IJournalMaintenance journal, string file, CancellationToken cancel)
    {
        if (file == "-")
        {
            await using var terminal = Console.OpenStandardOutput();
            await JournalLines.WriteAsync(journal.ReadAllAsync(cancel), terminal, cancel);
            return;
        }

        // Whole or not at all: under another name until everything is there.
        var partial = file + ".partial";
        await using (var to = File.Create(partial)) await JournalLines.WriteAsync(journal.ReadAllAsync(cancel), to, cancel);
        File.Move(partial, file, overwrite: true);
    }
}
