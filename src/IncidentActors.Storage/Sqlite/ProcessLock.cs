using System.Globalization;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Keeps a second process away from the same database: its halts would not be seen by the first one in time.</summary>
internal sealed class ProcessLock : IDisposable
{
    private readonly FileStream file;

    private ProcessLock(FileStream file) => this.file = file;

    /// <exception cref="JournalUnavailableException">Another process (or journal) has the database, or the file may not be written.</exception>
    public static ProcessLock Take(string path)
    {
        var file = Open(path);
        try
        {
            file.SetLength(0);
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.WriteLine(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ProcessLock(file);
        }
        catch (IOException error)
        {
            file.Dispose();
            throw new JournalUnavailableException($"The lock file {path} cannot be written: {error.Message}", notApplied: true);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JournalUnavailableException($"The lock file {path} cannot be written: {error.Message}", notApplied: true);
        }
        catch (IOException error)
        {
            throw new JournalUnavailableException(
                $"Another process uses the journal: the lock file {path} (it holds the process id) cannot be taken. {error.Message}",
                notApplied: true);
        }
    }

    public void Dispose() => file.Dispose();
}
