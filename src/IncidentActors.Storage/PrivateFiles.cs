using Microsoft.Extensions.Logging;

namespace IncidentActors.Storage;

/// <summary>Files of the data folder belong to the user that runs the server: 0600, folders 0700. They hold the whole history, hashes of
/// tokens and the secrets by which webhooks are signed. On Windows the folder's own rights decide.</summary>
public static partial class PrivateFiles
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;
    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A folder that is made here is private; one that exists stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OfFolder);
    }

    /// <summary>Opens a file; one that is made here is private.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OfFile;
        return new FileStream(path, options);
    }

    /// <summary>Takes the rights of group and others from a file or folder that has some, and logs it. One that belongs to another user
    /// stays as it is, with a warning.</summary>
    public static void Tighten(string path, ILogger log)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path)) return;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & OfOthers) == 0) return;
            File.SetUnixFileMode(path, mode & ~OfOthers);
            LogTightened(log, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogOpen(log, path, error.Message);
        }
    }

    /// <summary>Tightens the folder of a journal if nothing else is in it, so that a folder that the user shares on purpose stays shared.</summary>
    /// <param name="own">Names, and beginnings of names, that belong to the server.</param>
    public static void TightenFolder(string folder, ILogger log, params string[] own)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry));
        if (names.All(name => own.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal)))) Tighten(folder, log);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could be read by other users of this machine; now only by its owner")]
    private static partial void LogTightened(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} may be read by other users of this machine, and that cannot be changed: {Reason}")]
    private static partial void LogOpen(ILogger log, string path, string reason);
}
