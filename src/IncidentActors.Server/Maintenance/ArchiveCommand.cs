using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Seals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Maintenance;

/// <summary><c>incident journal archive | restore | verify --archive</c>.</summary>
internal static class ArchiveCommand
{
    /// <summary>Again after a kill: what was archived already stays archived, and a file that was written without a removal is written again.</summary>
    public static async Task<int> ArchiveAsync(IStore journal, string incident, string file, string? keyFile, CancellationToken cancel)
    {
        var archive = new IncidentArchive(journal, TimeProvider.System);
        if (await archive.FindAsync(incident, cancel) is { } archived)
        {
            Console.WriteLine(archived.Sentence(incident));
            return (int)ExitCode.Stopped;
        }

        using var key = keyFile is null ? null : SealKey.Read(await File.ReadAllTextAsync(keyFile, cancel));
        var bundle = await archive.MakeAsync(incident, cancel);
        if (File.Exists(file) && (await ReadAsync(file, cancel)).Subject != ActorId.Incident(incident).ToString())
            throw new InvalidOperationException($"{file} exists and is not an archive of {incident}; name another file.");
        await JournalCommand.WriteAsync(file, to => JsonSerializer.SerializeAsync(to, bundle, SealJson.Default.ProofBundle, cancel));
        await archive.RemoveAsync(await ReadAsync(file, cancel), Path.GetFileName(file), key, cancel);
        Console.WriteLine($"archived {incident} in {file}");
        return (int)ExitCode.Stopped;
    }

    /// <summary>Incidents that still owe something are named and left.</summary>
    public static async Task<int> ArchiveAsync(IStore journal, DateTimeOffset before, string folder, string? keyFile, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var incident in await new IncidentArchive(journal, TimeProvider.System).EndedBeforeAsync(before, cancel))
        {
            try
            {
                await ArchiveAsync(journal, incident, Path.Combine(folder, $"{incident}.json"), keyFile, cancel);
            }
            catch (InvalidOperationException refused)
            {
                Console.WriteLine(refused.Message);
            }
        }

        return (int)ExitCode.Stopped;
    }

    public static async Task<int> RestoreAsync(IStore journal, string file, CancellationToken cancel)
    {
        var bundle = await ReadAsync(file, cancel);
        var restored = await new IncidentArchive(journal, TimeProvider.System).RestoreAsync(bundle, cancel);
        Console.WriteLine(restored ? $"restored {bundle.Subject} from {file}" : $"{bundle.Subject} is in the journal already");
        return (int)ExitCode.Stopped;
    }

    public static async Task<int> VerifyAsync(IStore journal, string file, CancellationToken cancel)
    {
        try
        {
            var bundle = await ReadAsync(file, cancel);
            var events = await new IncidentArchive(journal, TimeProvider.System).VerifyAsync(bundle, cancel);
            Console.WriteLine($"✓ {file} holds the {events} archived events of {bundle.Subject} as they were sealed");
            return (int)ExitCode.Stopped;
        }
        catch (InvalidDataException error)
        {
            Console.WriteLine($"✗ {error.Message}");
            return (int)ExitCode.Failed;
        }
    }

    /// <exception cref="InvalidDataException">It is not a bundle.</exception>
    private static async Task<ProofBundle> ReadAsync(string file, CancellationToken cancel)
    {
        await using var from = File.OpenRead(file);
        try
        {
            return await JsonSerializer.DeserializeAsync(from, SealJson.Default.ProofBundle, cancel)
                ?? throw new InvalidDataException($"{file} is not an archive: it is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is not an archive: {error.Message}", error);
        }
    }
}
