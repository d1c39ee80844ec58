using System.Text;
using IncidentActors.Server.Hosting;
using IncidentActors.Storage;

namespace IncidentActors.Server.Atps;

/// <summary>
/// Artifacts that are wanted as files too, under <c>artifacts/{atp}/{artifact}.md</c> of the data folder. The journal is the truth and has
/// been committed before: a file that cannot be written is logged, not refused, and writing it again gives the same file.
/// </summary>
public sealed class ArtifactFiles(string dataFolder, ILogger log)
{
    public string Folder { get; } = Path.Combine(dataFolder, "artifacts");

    /// <summary>Files of earlier builds could be read by other users of the machine.</summary>
    public void Tighten()
    {
        if (!Directory.Exists(Folder)) return;
        PrivateFiles.Tighten(Folder, log);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)) PrivateFiles.Tighten(entry, log);
    }

    /// <param name="atpId">Checked to be letters, digits, <c>-</c>, <c>_</c> and
    /// <c>.</c>, beginning with a letter or digit; so it names no other folder.</param>
    public async Task WriteAsync(string atpId, string artifactId, string content)
    {
        try
        {
            var folder = Path.Combine(Folder, atpId);
            PrivateFiles.CreateFolder(folder);
            var unfinished = Path.Combine(folder, $".{artifactId}.{Guid.NewGuid():n}");
            await using (var file = PrivateFiles.Open(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                await file.WriteAsync(Encoding.UTF8.GetBytes(content));
            File.Move(unfinished, Path.Combine(folder, $"{artifactId}.md"), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.ArtifactNotWritten(atpId, artifactId, error);
        }
    }
}
