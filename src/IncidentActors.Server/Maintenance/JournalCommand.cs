using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Seals;
using IncidentActors.Server.Hosting;
using IncidentActors.Storage.Sqlite;

namespace IncidentActors.Server.Maintenance;

/// <summary>
/// <c>incident journal …</c>: works on the store itself, because what is to be checked or moved is often a journal that no server runs on.
/// </summary>
internal static class JournalCommand
{
    private const string Description =
        """
        Checks, copies and moves a journal.

        Access tokens (their hashes), webhook subscriptions (with their secrets), what is still to be delivered and where traces
        began move with the journal; leases do not. Keep an export as you keep a password, and stop the old servers before
        the new ones start: both would deliver.

        SQLite belongs to one process at a time: stop its server first.
        """;

    private static readonly Option<string?> Data = new("--data") { Description = "The journal's folder, default ./data", HelpName = "FOLDER" };
    private static readonly Option<string?> Journal = new("--journal") { Description = "A journal in PostgreSQL", HelpName = "STRING" };
    private static readonly Option<string?> ToData = new("--to-data") { Description = "Folder of the new journal", HelpName = "FOLDER" };
    private static readonly Option<string?> ToJournal = new("--to-journal") { Description = "The new journal in PostgreSQL", HelpName = "STRING" };
    private static readonly Option<string?> SealLog = new("--seal-log")
    {
        Description = "The server's file of seals: each must be in the journal", HelpName = "FILE",
    };

    private static readonly Option<string?> SealKeyFile = new("--seal-key")
    {
        Description = "The server's key of the seals; needed where they are signed", HelpName = "FILE",
    };

    private static readonly Option<string?> Archive = new("--archive") { Description = "Verifies an incident's archive instead", HelpName = "FILE" };
    private static readonly Option<string> To = new("--to")
    {
        Description = "The archive; with --closed-before the folder", HelpName = "PATH", Required = true,
    };

    private static readonly Option<DateTimeOffset?> ClosedBefore = new("--closed-before")
    {
        Description = "Every incident that ended before the date and owes nothing", HelpName = "DATE",
    };

    private static readonly Argument<string?> IncidentId = new("INC") { Description = "The incident", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Halt = new("--halt") { Description = "Proves what was committed under the halt", HelpName = "HLT-…" };
    private static readonly Option<string?> Incident = new("--incident") { Description = "Proves the incident's history", HelpName = "INC-…" };
    private static readonly Argument<string> Path = new("FILE") { Description = "The file; - for the terminal" };

    /// <summary>The exit code.</summary>
    /// <exception cref="StartFailure">Arguments that are not understood, or a journal that cannot be opened.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancel)
    {
        string[] given = args.Count == 0 ? ["--help"] : [.. args];
        var parsed = Make().Parse(given, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.UnmatchedTokens is [var unknown, ..]) throw Bad($"{CommandLine.Shown(unknown)} is not understood.");
        if (parsed.Errors is [var error, ..]) throw Bad(error.Message);
        // The help names its program after the executable; people call it by the client's name.
        using var help = new StringWriter();
        var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = help }, cancel);
        Console.Out.Write(help.ToString()
            .Replace($"{RootCommand.ExecutableName} import-work", "incident import", StringComparison.Ordinal)
            .Replace(RootCommand.ExecutableName, "incident journal", StringComparison.Ordinal));
        return code;
    }

    private static RootCommand Make() => new(Description)
    {
        Verb(
            "verify",
            "Checks that seals match the events, versions have no gaps, documents equal the fold of their events, and every effect has its actor; "
            + "exit code 1 if not",
            [SealLog, Archive],
            (journal, parsed, cancel) => parsed.GetValue(Archive) is { } archive
                ? ArchiveCommand.VerifyAsync(journal, archive, cancel)
                : VerifyAsync(journal, cancel, parsed.GetValue(SealLog))),
        Verb(
            "archive", "Moves the history of closed incidents to a file each, which is read back and verified before anything is removed",
            [IncidentId, ClosedBefore, To, SealKeyFile], (journal, parsed, cancel) =>
            {
                var key = parsed.GetValue(SealKeyFile);
                var to = parsed.GetRequiredValue(To);
                return (parsed.GetValue(IncidentId), parsed.GetValue(ClosedBefore)) switch
                {
                    ({ } incident, null) => ArchiveCommand.ArchiveAsync(journal, incident, to, key, cancel),
                    (null, { } before) => ArchiveCommand.ArchiveAsync(journal, before, to, key, cancel),
                    _ => throw Bad("archive needs either an incident or --closed-before DATE, not both."),
                };
            }),
        Verb("restore", "Puts the history of an archived incident back, all or nothing", [Path], (journal, parsed, cancel) =>
            ArchiveCommand.RestoreAsync(journal, parsed.GetRequiredValue(Path), cancel)),
        Verb("prove", "Writes what a third party needs to verify the history of a halt or an incident", [Halt, Incident, Path], ProveAsync),
        Verb("export", "Exports everything as JSON lines, in one format for SQLite and PostgreSQL", [Path], async (journal, parsed, cancel) =>
        {
            await ExportAsync(journal, parsed.GetRequiredValue(Path), cancel);
            return (int)ExitCode.Stopped;
        }),
        Verb("import", "Fills an empty journal, all or nothing", [Path], async (journal, parsed, cancel) =>
        {
            await ImportAsync(journal, parsed.GetRequiredValue(Path), cancel);
            return await VerifyAsync(journal, cancel);
        }),
        Verb("import-work", "Fills an empty journal with the work of another tool (incident import)", [Path], async (journal, parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(Path);
            var lines = WorkDatabase.Is(path) ? WorkDatabase.Lines(path).ToAsyncEnumerable() : File.ReadLinesAsync(path, cancel);
            var work = new WorkImport(FlowSet.Shipped, RosterYaml.Shipped()).RunAsync(lines, cancel);
            await JournalRecords.WriteAsync(journal, [], work, cancel);
            return await VerifyAsync(journal, cancel);
        }),
        Verb(
            "rebuild-views",
            "Writes a new journal with the same events, and documents, claims, inboxes and halts made from them; the source is only read",
            [ToData, ToJournal],
            RebuildAsync),
    };

    private static Command Verb(string name, string means, Symbol[] more, Func<IStore, ParseResult, CancellationToken, Task<int>> run)
    {
        var verb = new Command(name, means) { Data, Journal };
        foreach (var symbol in more)
        {
            if (symbol is Argument argument) verb.Arguments.Add(argument);
            else verb.Options.Add((Option)symbol);
        }

        verb.SetAction(async (parsed, cancel) =>
        {
            await using var journal = await Journals.OpenAsync(Named(parsed.GetValue(Data), parsed.GetValue(Journal)), cancel);
            try
            {
                return await run(journal, parsed, cancel);
            }
            catch (Exception error) when (error is InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException
                or JournalUnavailableException or System.Security.Cryptography.CryptographicException)
            {
                throw new StartFailure(ExitCode.Journal, error.Message);
            }
        });
        return verb;
    }

    private static async Task<int> RebuildAsync(IStore journal, ParseResult parsed, CancellationToken cancel)
    {
        var (folder, database) = (parsed.GetValue(ToData), parsed.GetValue(ToJournal));
        if (folder is null && database is null) throw Bad("rebuild-views needs --to-data FOLDER or --to-journal ADDRESS, where the new journal is written.");
        await using var target = await Journals.OpenAsync(Named(folder, database), cancel);
        var lines = JournalRebuild.RunAsync(() => journal.ReadAllAsync(cancel), cancel);
        var records = await JournalRecords.ReadAsync(journal, cancel);
        await JournalRecords.WriteAsync(target, records, lines, cancel);
        Console.WriteLine($"rebuilt into {target.Description}, with {JournalRecords.Described(records)}");
        return await VerifyAsync(target, cancel);
    }

    private static ServerOptions Named(string? folder, string? database)
    {
        var options = new ServerOptions { Journal = database };
        return folder is null ? options : options with { Data = folder };
    }

    private static StartFailure Bad(string sentence) => new(ExitCode.Arguments, $"{sentence} 'incident journal --help' lists the verbs.");

    private static async Task<int> VerifyAsync(IStore journal, CancellationToken cancel, string? sealLog = null)
    {
        string[] noted = sealLog is null ? [] : await File.ReadAllLinesAsync(sealLog, cancel);
        var report = await JournalReport.MakeAsync(journal, noted, cancel);
        foreach (var line in report.Lines) Console.WriteLine(line);
        return report.Whole ? (int)ExitCode.Stopped : (int)ExitCode.Failed;
    }

    private static async Task<int> ProveAsync(IStore journal, ParseResult parsed, CancellationToken cancel)
    {
        var subject = (parsed.GetValue(Halt), parsed.GetValue(Incident)) switch
        {
            ({ } halt, null) => ActorId.Halt(halt),
            (null, { } incident) => ActorId.Incident(incident),
            _ => throw Bad("prove needs either --halt HLT-… or --incident INC-…, not both."),
        };
        var bundle = await Proofs.MakeAsync(journal, subject, cancel);
        await WriteAsync(parsed.GetRequiredValue(Path), to => JsonSerializer.SerializeAsync(to, bundle, SealJson.Default.ProofBundle, cancel));
        return (int)ExitCode.Stopped;
    }

    private static async Task ExportAsync(IStore journal, string file, CancellationToken cancel)
    {
        var records = await JournalRecords.ReadAsync(journal, cancel);
        await WriteAsync(file, to => JournalLines.WriteAsync(WithRecordsAsync(journal, records, cancel), to, cancel));
        if (file != "-") Console.WriteLine($"exported {journal.Description}, with {JournalRecords.Described(records)}");
    }

    /// <summary>Whole or not at all: under another name until everything is there. Secrets may be in it, so it is the owner's alone.</summary>
    internal static async Task WriteAsync(string file, Func<Stream, Task> write)
    {
        if (file == "-")
        {
            await using var terminal = Console.OpenStandardOutput();
            await write(terminal);
            return;
        }

        var partial = file + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var to = new FileStream(partial, options))
        {
            await write(to);
            to.Flush(flushToDisk: true);
        }

        File.Move(partial, file, overwrite: true);
    }

    private static async Task ImportAsync(IStore journal, string path, CancellationToken cancel)
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
        IStoreMaintenance journal, IReadOnlyList<RecordLine> records, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in journal.ReadAllAsync(cancel))
        {
            yield return line;
            if (line is not HeaderLine) continue;
            foreach (var record in records) yield return record;
        }
    }
}
