using System.Collections.Immutable;

namespace IncidentActors.Server.Flows.Diagrams;

/// <param name="Link">The link that joins them.</param>
internal readonly record struct Neighbour(int Node, double Weight, int Link);

/// <summary>A graph divided into layers, so that every arrow joins two neighbouring ones: the given boxes, then the places of long arrows.</summary>
internal sealed class Layers
{
    private const double PlaceWidth = 8;

    /// <summary>Long arrows are the straighter, the longer they are (Gansner et al. 1993).</summary>
    private const double InnerWeight = 8;
    private const double OuterWeight = 2;

    private Layers(IEnumerable<Size> boxes, int[] layerOf, bool[] back)
    {
        Widths = [.. boxes.Select(box => box.Width)];
        LayerOf = [.. layerOf];
        Back = [.. back];
        Below = [.. layerOf.Select(_ => new List<Neighbour>())];
        Above = [.. layerOf.Select(_ => new List<Neighbour>())];
        Order = [.. Enumerable.Range(0, layerOf.Max() + 1).Select(_ => new List<int>())];
    }

    public List<double> Widths { get; }
    public List<int> LayerOf { get; }

    /// <summary>By link: it leads upwards.</summary>
    public ImmutableArray<bool> Back { get; }

    /// <summary>By node: what it is joined with in the next layer.</summary>
    public List<List<Neighbour>> Below { get; }
    public List<List<Neighbour>> Above { get; }

    /// <summary>By layer: its nodes from left to right.</summary>
    public List<List<int>> Order { get; }

    /// <summary>By link: its nodes from the upper box to the lower one.</summary>
    public List<ImmutableArray<int>> Chains { get; } = [];

    public bool IsPlace(int node) => node >= Boxes;

    private int Boxes { get; init; }

    public static Layers Of(IReadOnlyList<Size> boxes, IReadOnlyList<Link> links)
    {
        var back = BackLinks(boxes.Count, links);
        var layers = new Layers(boxes, Longest(boxes.Count, links, back), back) { Boxes = boxes.Count };
        for (var index = 0; index < links.Count; index++) layers.Add(index, links[index], back[index]);
        layers.FirstOrder();
        return layers;
    }

    private void Add(int index, Link link, bool back)
    {
        var (upper, lower) = back ? (link.To, link.From) : (link.From, link.To);
        var chain = ImmutableArray.CreateBuilder<int>();
        chain.Add(upper);
        for (var layer = LayerOf[upper] + 1; layer < LayerOf[lower]; layer++) chain.Add(Place(layer));
        chain.Add(lower);
        for (var i = 1; i < chain.Count; i++)
        {
            var places = (IsPlace(chain[i - 1]) ? 1 : 0) + (IsPlace(chain[i]) ? 1 : 0);
            var weight = places switch { 2 => InnerWeight, 1 => OuterWeight, _ => 1 };
            Below[chain[i - 1]].Add(new Neighbour(chain[i], weight, index));
            Above[chain[i]].Add(new Neighbour(chain[i - 1], weight, index));
        }

        Chains.Add(chain.ToImmutable());
    }

    private int Place(int layer)
    {
        Widths.Add(PlaceWidth);
        LayerOf.Add(layer);
        Below.Add([]);
        Above.Add([]);
        return Widths.Count - 1;
    }

    /// <summary>Depth first along the links: what belongs together begins side by side.</summary>
    private void FirstOrder()
    {
        var seen = new bool[Widths.Count];
        for (var node = 0; node < seen.Length; node++)
        {
            if (Above[node].Count == 0) Visit(node);
        }

        void Visit(int node)
        {
            if (seen[node]) return;
            seen[node] = true;
            Order[LayerOf[node]].Add(node);
            foreach (var next in Below[node]) Visit(next.Node);
        }
    }

    /// <summary>Links that close a circle, found depth first in the given order: the first way through stays forward.</summary>
    private static bool[] BackLinks(int nodes, IReadOnlyList<Link> links)
    {
        var back = new bool[links.Count];
        var mark = new int[nodes];
        var entered = links.Select(link => link.To).ToHashSet();
        foreach (var node in Enumerable.Range(0, nodes).OrderBy(node => entered.Contains(node))) Visit(node);
        return back;

        void Visit(int node)
        {
            if (mark[node] != 0) return;
            mark[node] = 1;
            for (var index = 0; index < links.Count; index++)
            {
                if (links[index].From != node) continue;
                back[index] = mark[links[index].To] == 1;
                Visit(links[index].To);
            }

            mark[node] = 2;
        }
    }

    private static int[] Longest(int nodes, IReadOnlyList<Link> links, bool[] back)
    {
        var layer = new int[nodes];
        for (var moved = true; moved;)
        {
            moved = false;
            for (var index = 0; index < links.Count; index++)
            {
                var (upper, lower) = back[index] ? (links[index].To, links[index].From) : (links[index].From, links[index].To);
                if (layer[lower] > layer[upper]) continue;
                layer[lower] = layer[upper] + 1;
                moved = true;
            }
        }

        return layer;
    }
}
