using System.Globalization;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Sqlite;

/// <summary>Keeps a second process away from the same database: its halts would not be seen by the first one in time.</summary>
internal sealed class ProcessLock : IDisposable
{
    private readonly FileStream file;

    private ProcessLock(FileStream file) => this.file = file;

    /// <exception cref="JournalUnavailableException">Another process (or journal) has the database.</exception>
    public static ProcessLock Take(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.WriteLine(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ProcessLock(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException(
                $"Another process uses the journal: the lock file {path} (it holds the process id) cannot be taken. {error.Message}",
                notApplied: true);
        }
    }

    public void Dispose() => file.Dispose();
}
