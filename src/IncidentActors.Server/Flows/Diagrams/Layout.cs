using System.Collections.Immutable;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>What is to be placed. Lengths are in pixels at the diagram's natural size.</summary>
internal readonly record struct Size(double Width, double Height);

/// <summary>An arrow between two boxes, by their index.</summary>
internal readonly record struct Link(int From, int To);

internal readonly record struct Point(double X, double Y);

/// <summary>A placed box.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its upper edge.</param>
internal readonly record struct Rect(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;
    public double Bottom => Y + Height;
    public double CenterX => X + Width / 2;

    public bool Overlaps(Rect other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;
}

/// <param name="Back">It leads against the direction of reading.</param>
/// <param name="Points">From the tail to the head: an even number, in turn the ends of a straight vertical piece and of a bend.</param>
internal readonly record struct Route(Link Link, bool Back, ImmutableArray<Point> Points);

/// <summary>A drawn graph: <see cref="Boxes"/> and <see cref="Routes"/> in the order in which they were given.</summary>
internal sealed record Layout(double Width, double Height, ImmutableArray<Rect> Boxes, ImmutableArray<Route> Routes);
