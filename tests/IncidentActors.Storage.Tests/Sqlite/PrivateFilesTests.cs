using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Storage.Tests.Sqlite;

/// <summary>Nobody but the owner reads the journal's files, whatever the umask says.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode WideFile = OwnFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode WideFolder = OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"private-{Guid.NewGuid():n}");
    private readonly Lines log = new();

    private string Database => Path.Combine(folder, "journal.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [UnixFact]
    public async Task New_files_are_their_owners_alone()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync([Given.Turn(Given.Atp(1), 0)], default);
        Assert.Equal(OwnFolder, Mode(folder));
        Assert.Equal(["journal.db", "journal.db-lock", "journal.db-shm", "journal.db-wal"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.Equal(OwnFile, Mode(file)));
        Assert.Empty(log);
    }

    [UnixFact]
    public async Task Files_that_others_could_read_are_tightened_and_told()
    {
        await (await OpenAsync()).DisposeAsync();
        Set(folder, WideFolder);
        Set(Database, WideFile);
        Set(Database + "-lock", WideFile);
        await using var store = await OpenAsync();
        Assert.Equal(OwnFolder, Mode(folder));
        Assert.Equal((OwnFile, OwnFile), (Mode(Database), Mode(Database + "-lock")));
        Assert.Equal([Database, Database + "-lock", folder], log.Select(line => line.Split(' ')[0]));
    }

    [UnixFact]
    public async Task A_folder_with_other_files_stays_as_shared_as_it_is()
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "of another program");
        Set(folder, WideFolder);
        await using var store = await OpenAsync();
        Assert.Equal(WideFolder, Mode(folder));
        Assert.Equal(OwnFile, Mode(Database));
    }

    private async Task<SqliteStore> OpenAsync()
    {
        var store = new SqliteStore(Database, log);
        await store.OpenAsync(default);
        return store;
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}

/// <summary>Skipped where files have no modes.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no file modes" : null;
}
